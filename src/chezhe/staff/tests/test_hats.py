"""Whoever holds several roles works in all of them, or in one: the switch in the top bar only ever narrows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chezhe.kernel import clock, roles
from chezhe.kernel.actor import Reach
from chezhe.kernel.models import AuditEntry
from chezhe.staff import steps
from chezhe.staff.models import RoleGrant, StaffSession, User
from chezhe.staff.tests.cast import AT, branch, person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_morning() -> Iterator[None]:
    with clock.at(AT):
        yield


@pytest.fixture
def two_hats() -> User:
    """Manager of one branch, reviewer of the whole house."""
    user = person("wen", roles.BRANCH_MGR, at=branch(), enrolled=True)
    steps.grant(user=user, role=roles.REVIEWER, reach=Reach.ALL, branch=None, starts_on=AT.date(), at=AT)
    return user


def choose(client, grant: str):
    return client.post("/me/work-as/", {"grant": grant, "next": "/me/"})


def test_one_role_narrows_rights_and_reach_and_all_brings_them_back(two_hats: User) -> None:
    manager, reviewer = RoleGrant.objects.filter(user=two_hats).order_by("pk")
    client = signed_in(two_hats)
    page = client.get("/me/").content.decode()
    assert "切换岗位与门店" in page and "上海一店" in page and "全公司" in page
    whole = steps.actor_for(two_hats, AT)
    assert choose(client, str(manager.pk)).status_code == 302
    chosen = steps.actor_of_session(StaffSession.objects.get(user=two_hats), AT)
    assert chosen.roles == {roles.BRANCH_MGR} and chosen.reach == Reach.BRANCH and len(chosen.hats) == 2
    assert chosen.permissions < whole.permissions and chosen.user_ids == whole.user_ids
    assert f'aria-checked="true" name="grant" value="{manager.pk}"' in client.get("/me/").content.decode()
    choose(client, "")
    back = steps.actor_of_session(StaffSession.objects.get(user=two_hats), AT)
    assert (back.roles, back.permissions, back.reach) == (whole.roles, whole.permissions, whole.reach)
    assert AuditEntry.objects.filter(verb="staff.work_as").count() == 2


def test_a_grant_that_ended_or_belongs_to_somebody_else_is_no_hat(two_hats: User) -> None:
    other = RoleGrant.objects.get(user=person("lu", roles.ADMIN))
    client = signed_in(two_hats)
    assert [choose(client, wanted).status_code for wanted in (str(other.pk), "x", "0")] == [404, 404, 404]
    manager = RoleGrant.objects.filter(user=two_hats).first()
    choose(client, str(manager.pk))
    RoleGrant.objects.filter(pk=manager.pk).update(ends_on=AT.date())
    left = steps.actor_of_session(StaffSession.objects.get(user=two_hats), AT)
    assert left.roles == {roles.REVIEWER}, "what ended is not held, chosen or not"


def test_a_single_role_has_nothing_to_switch() -> None:
    client = signed_in(person("mo", roles.SALES, at=branch(), enrolled=True))
    assert "切换岗位与门店" not in client.get("/me/").content.decode()
