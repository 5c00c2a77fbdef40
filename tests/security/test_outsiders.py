"""Customers and dealers' people at every door of the house: none opens but the portals' own, and no two portals are one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import get_resolver

from chezhe.channels.tests.dealing import dealer
from chezhe.config.api import api
from chezhe.customers.tests.filing import WANG, person
from chezhe.kernel import clock, doors
from chezhe.kernel.actor import BORROWER, DEALER, OUTSIDERS, Actor
from chezhe.kernel.errors import NotFound
from chezhe.portal.models import Account
from chezhe.portal.places import PORTALS
from chezhe.portal.tests.outside import account_at, account_of, person_of, token_for
from chezhe.servicing.tests.lending import lend, make_bank
from chezhe.staff import steps
from tests.journeys.house import Team
from tests.security import matrix

# Of the portals, open to whoever has not come in yet (and the switch of the letters).
OPEN = {f"portal:{letter}_{name}" for letter in "md" for name in ("sign_in", "code", "sign_out", "elder")}


def operations() -> Iterator[tuple[str, Any]]:
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                yield "/" + "/".join(part for part in f"{router.prefix}/{path}".split("/") if part), operation.view_func


def everybody() -> dict[str, Actor]:
    """Outsiders who hold every right there is: a door that is not theirs stays closed all the same."""
    from chezhe.kernel.permission import REGISTRY

    return {kind: Actor(key=f"{kind}:1", name="x", kind=kind, permissions=frozenset(REGISTRY)) for kind in OUTSIDERS}


def test_every_door_says_whom_it_is_for_and_opens_to_nobody_else() -> None:
    """Asked of the guard itself, as if the middleware had let the outsider through."""
    guarded = [(page.name, page.view) for page in doors.pages() if hasattr(page.view, "audience")]
    guarded += [(name, view) for name, view in operations() if hasattr(view, "audience")]
    assert len(guarded) > 500
    actors = everybody() | {doors.STAFF: Actor(key="staff:1", name="x")}
    for name, view in guarded:
        is_portal = name.startswith(("portal:", "/portal"))
        assert is_portal == (view.audience in OUTSIDERS), f"{name} is for {view.audience}"
        for kind, actor in actors.items():
            for request in (RequestFactory().get("/x/"), RequestFactory().post("/x/")):
                request.actor = actor  # type: ignore[attr-defined]
                if kind == view.audience:
                    doors.require_audience(request, view.audience)
                else:
                    assert turned_away(view, request), f"{name} lets {kind} in"


def turned_away(view: Any, request: Any) -> bool:
    """Nothing is there, or the door does not open this way for anybody."""
    try:
        return bool(view(request).status_code == 405)
    except NotFound:
        return True


def known(team: Team) -> list[Account]:
    """A customer of the east and somebody of a dealer."""
    by = steps.actor_for(team.people["guan"], clock.now())
    return [account_of(person(WANG, by)), account_at(person_of(dealer(by), by))]


def test_what_has_no_guard_at_a_portal_is_on_the_list() -> None:
    bare = {page.name for page in doors.pages() if page.name.startswith("portal:") and not hasattr(page.view, "audience")}
    assert bare == OPEN
    free = {name for name, view in operations() if getattr(view, "is_open", False) and name.startswith("/portal/")}
    assert free == {"/portal/codes", "/portal/sessions"}


def test_every_address_of_outsiders_stands_under_the_paths_that_the_middlewares_know() -> None:
    for page in doors.pages():
        assert page.name.startswith("portal:") == f"/{page.route}".startswith(tuple(settings.OUTSIDE_PATHS)), page.name
    assert get_resolver().resolve("/m/").view_name == "portal:m_home"


@pytest.mark.django_db
def test_the_cookies_and_tokens_of_outsiders_open_nothing_of_the_staffs(team: Team) -> None:
    """Every page and operation, knocked at: asked to sign in, or nothing is there, as for somebody who carries nothing."""
    found = []
    for account in known(team):
        client, token = Client(raise_request_exception=False), token_for(account, is_program=True)
        stranger = Client(raise_request_exception=False)
        for portal in PORTALS.values():
            client.cookies[portal.cookie] = token_for(account)
        for door in matrix.every_door(matrix.NOBODYS_HOUSE):
            if "portal" in door.name:
                continue
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"{account.pk}{door.name}"} if door.is_api else {}
            answer = client.generic(door.method, door.address, door.body if door.is_api else "", headers=headers)
            if matrix.word(answer) in ("sign", "none", "other"):
                continue
            bare = {name: value for name, value in headers.items() if name != "Authorization"}
            as_stranger = stranger.generic(door.method, door.address, door.body if door.is_api else "", headers=bare)
            if matrix.word(answer) != matrix.word(as_stranger):
                found.append(f"{account.kind} {door.name}: {answer.status_code}")
    assert not found, found[:40]


@pytest.mark.django_db
def test_staff_are_nobody_at_a_portal_and_each_portal_knows_its_own(team: Team) -> None:
    wang, sun = known(team)
    browser = team.browser("lin")
    assert browser.get("/m/")["Location"].startswith("/m/sign-in/") and browser.get("/d/")["Location"].startswith("/d/sign-in/")
    program = team.program("lin")
    assert program.get("portal/m/cases").status_code == 401
    for account, own, other in ((wang, "m", "d"), (sun, "d", "m")):
        client, token = Client(), token_for(account)
        for letter in "md":
            client.cookies[PORTALS[BORROWER if letter == "m" else DEALER].cookie] = token
        assert client.get(f"/{own}/").status_code == 200 and client.get(f"/{other}/").status_code == 302
        headers = {"Authorization": f"Bearer {token_for(account, is_program=True)}"}
        assert client.get(f"/api/v1/portal/{own}/cases", headers=headers).status_code == 200
        refused = client.get(f"/api/v1/portal/{other}/cases", headers=headers)
        assert refused.status_code == 404 and json.loads(refused.content)["code"] == "not_found"
        missing = client.get(f"/{own}/no-such-page/")
        assert missing.status_code == 404 and "portal-top" in missing.content.decode() and 'href="/"' not in missing.content.decode()


def test_the_frame_of_a_portal_names_nobody_of_the_house(db: None) -> None:
    bank = make_bank()
    lend(bank)
    client = Client()
    client.cookies[PORTALS[BORROWER].cookie] = token_for(account_of(bank.wang))
    page = client.get("/m/").content.decode()
    assert "data-actor" not in page and "林" not in page and "rail" not in page and "portal-bar" in page
    assert "is-elder" not in page
    client.post("/m/elder/", {"next": "/m/"})
    assert "is-elder" in client.get("/m/").content.decode()
