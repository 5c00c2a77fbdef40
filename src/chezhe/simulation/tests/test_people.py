"""The demo's team: every role, three branches, everybody with a second factor."""

import pytest
from django.core.management import call_command

from chezhe.kernel import roles
from chezhe.kernel.actor import Reach
from chezhe.kernel.testing import moment
from chezhe.simulation import people
from chezhe.simulation.management.commands import seed_demo
from chezhe.staff import second_factor, steps
from chezhe.staff.models import Branch, User

AT = moment("2026-03-16 10:00")


def test_every_role_is_filled_by_at_least_24_people() -> None:
    assert {role for person in people.TEAM for role in person.roles} == set(roles.ALL)
    assert len(people.TEAM) >= 24 and len({person.username for person in people.TEAM}) == len(people.TEAM)


@pytest.mark.django_db
def test_everybody_can_sign_in_with_a_second_factor_and_twice_is_once() -> None:
    taken_on = list(people.settle_in(AT))
    assert len(taken_on) == len(people.TEAM) and list(people.settle_in(AT)) == []
    assert all(second_factor.is_enrolled(user) for user in taken_on)
    assert Branch.objects.count() == len(people.BRANCHES)


@pytest.mark.django_db
def test_a_branch_sees_its_own_branch_only() -> None:
    list(people.settle_in(AT))
    manager = steps.actor_for(User.objects.get(username="nb.manager"), AT)
    assert manager.reach == Reach.BRANCH
    assert manager.branch_ids == {Branch.objects.get(code="NB01").pk}


@pytest.mark.django_db
def test_the_sample_data_fills_a_house_and_is_made_once(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seed_demo, "DAYS", 6)
    call_command("seed_demo", "--helpers", "0")
    call_command("seed_demo", "--helpers", "0")
    call_command("demo_logins")
    said = capsys.readouterr().out
    assert f"{len(people.TEAM)} people" in said and "already" in said and "陈思齐" in said
