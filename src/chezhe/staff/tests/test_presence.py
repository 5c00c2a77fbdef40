"""Two people on one page see each other's names, as long as the page is open and nobody else asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from chezhe.kernel import clock, roles
from chezhe.staff import presence
from chezhe.staff.models import StaffSession
from chezhe.staff.tests.cast import AT, branch, person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_morning() -> Iterator[None]:
    with clock.at(AT):
        yield


def asks(client: Client, page: str) -> str:
    """What the page says after it has asked once."""
    session = StaffSession.objects.get(pk=client.session["staff_session_id"])
    request = type("Request", (), {"staff_session": session, "path": page})()
    return client.post("/me/presence/", {"ticket": presence.ticket(request)}).content.decode()


def test_two_people_on_one_page_see_each_other_until_one_leaves() -> None:
    ada, bo = signed_in(person("ada", roles.ADMIN, enrolled=True)), signed_in(person("bo", roles.ADMIN, enrolled=True))
    assert "正在查看" not in asks(ada, "/loans/L1/")
    assert "Ada 正在查看" in asks(bo, "/loans/L1/") and "Bo 正在查看" in asks(ada, "/loans/L1/")
    assert "正在查看" not in asks(bo, "/loans/L2/"), "another page"
    clock.tick(presence.FOR.total_seconds() + 1)
    assert "正在查看" not in asks(bo, "/loans/L1/"), "Ada's page has been silent"


def test_a_tab_of_ones_own_and_a_sign_in_that_ended_count_for_nobody() -> None:
    user = person("ada", roles.ADMIN, enrolled=True)
    first, second = signed_in(user), signed_in(user)
    asks(first, "/loans/L1/")
    assert "正在查看" not in asks(second, "/loans/L1/")
    bo = signed_in(person("bo", roles.ADMIN, enrolled=True))
    StaffSession.objects.filter(user=user).update(ended_at=AT + timedelta(seconds=1))
    assert "正在查看" not in asks(bo, "/loans/L1/")


def test_only_who_was_given_the_page_may_ask() -> None:
    ada, bo = signed_in(person("ada", roles.ADMIN, enrolled=True)), signed_in(person("bo", roles.ADMIN, enrolled=True))
    session = StaffSession.objects.get(pk=ada.session["staff_session_id"])
    ticket = presence.ticket(type("Request", (), {"staff_session": session, "path": "/loans/L1/"})())
    assert bo.post("/me/presence/", {"ticket": ticket}).status_code == 404
    assert ada.post("/me/presence/", {"ticket": "made up"}).status_code == 404 and ada.post("/me/presence/").status_code == 404


def test_a_page_that_is_refused_gives_no_ticket() -> None:
    mo = signed_in(person("mo", roles.SALES, at=branch(), enrolled=True))
    page = mo.get("/staff/changes/AC26-000001-1/")
    assert page.status_code in (403, 404) and "presence-place" not in page.content.decode()
    ada = signed_in(person("ada", roles.ADMIN, enrolled=True))
    missing = ada.get("/staff/changes/AC26-000001-1/")
    assert missing.status_code == 404 and "presence-place" not in missing.content.decode()


def test_old_pages_are_forgotten() -> None:
    ada = signed_in(person("ada", roles.ADMIN, enrolled=True))
    for number in range(20):
        asks(ada, f"/loans/L{number}/")
    looking = StaffSession.objects.get(pk=ada.session["staff_session_id"]).looking
    assert len(looking) <= 9 and "/loans/L19/" in looking and not re.search("L1/", str(looking))
