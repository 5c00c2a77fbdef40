"""Keys, codes and sign-ins: used twice, narrowed, taken away, or somebody else's."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from chezhe.customers.models import Customer
from chezhe.kernel import clock, doors, roles
from chezhe.kernel.action import REGISTRY
from chezhe.staff import second_factor, tokens
from chezhe.staff.models import ApiToken, User
from chezhe.staff.tests import cast
from tests.journeys.house import API, Program, Team
from tests.journeys.walk import said

pytestmark = pytest.mark.django_db
_OF_KIND = {"int": "1", "uuid": "00000000-0000-4000-8000-000000000000", "date": "2026-09-01"}
LEAD = {"name": "赵六", "mobile": "15466667777", "source": "phone"}


def test_a_token_does_only_what_its_scopes_say(team: Team) -> None:
    reader = team.program("lin", scopes=["leads.view"])
    assert said(reader.get("leads"))["items"] == []
    assert said(reader.post("leads", LEAD), 403)["code"] == "not_permitted"
    assert said(reader.get("customers"), 403)["facts"]["code"] == "customers.view"
    assert said(reader.post("workbench/search", {"q": "wxm"}))["groups"] == []
    assert said(reader.post("staff/tokens", {"label": "x", "scopes": ["leads.create"], "days": 1}), 403)["code"] == "not_permitted"


def test_a_token_makes_no_other_token_without_the_authenticator(team: Team) -> None:
    """A stolen key would otherwise outlive its revocation in a child."""
    program = team.program("lin")
    wish = {"label": "x", "scopes": ["leads.view"], "days": 1}
    assert said(program.post("staff/tokens", wish), 403)["code"] == "step_up_required"
    said(program.step_up())
    made = said(program.post("staff/tokens", wish), 201)
    assert ApiToken.objects.get(pk=made["id"]).scopes == ["leads.view"]
    beyond = {**wish, "scopes": ["servicing.record_repayment"]}
    assert said(program.post("staff/tokens", beyond), 422)["code"] == "scope_not_held"


def test_what_is_taken_away_is_gone_at_the_next_request(team: Team) -> None:
    program, browser = team.program("lin"), team.browser("lin")
    assert said(program.get("leads"))["items"] == []
    row = ApiToken.objects.get(digest=tokens.digest(program.token))
    said(team.program("lin", scopes=["staff.own_account"]).post(f"staff/tokens/{row.pk}/revoke", {}))
    assert said(program.get("leads"), 401)["code"] == "not_signed_in"
    other = team.program("lin")
    said(team.program("ada").post("staff/users/lin/disable", {"reason": "离职"}))
    assert said(other.get("leads"), 401)["code"] == "not_signed_in"
    assert said(other.post("leads", LEAD), 401)["code"] == "not_signed_in"
    assert browser.get("/leads/").status_code == 302


def test_a_code_is_accepted_once_wherever_it_is_shown_again(team: Team) -> None:
    program, second = team.program("cai"), team.program("cai")
    clock.tick(second_factor.STEP_SECONDS)
    code = second_factor.code_at(cast.SECRET, clock.now())
    assert _step_up(program, code).status_code == 200
    assert said(_step_up(program, code), 422)["code"] == "wrong_code"
    assert said(_step_up(second, code), 422)["code"] == "wrong_code"
    browser = team.browser("cai", stepped_up=False)
    assert browser.post("/step-up/", {"code": code}).status_code == 422


def test_guessing_codes_ends_in_a_lock(team: Team) -> None:
    program = team.program("cai")
    statuses = [_step_up(program, f"{guess:06d}").status_code for guess in range(8)]
    assert statuses[0] == 422 and statuses[-1] == 429
    clock.tick(second_factor.STEP_SECONDS)
    assert _step_up(program, second_factor.code_at(cast.SECRET, clock.now())).status_code == 429, "the right code comes too late"


def _step_up(program: Program, code: str) -> Any:
    headers = {"Authorization": f"Bearer {program.token}"}
    return program.client.put(f"{API}staff/step-up", {"code": code}, content_type="application/json", headers=headers)


def test_no_action_of_money_is_done_on_a_stale_code(team: Team) -> None:
    """Asked of every registered action itself, so no door can forget it."""
    money = [spec for spec in REGISTRY.values() if spec.permission.moves_money]
    assert len(money) >= 10
    from chezhe.kernel.errors import StepUpRequired
    from chezhe.staff import steps

    actor = steps.actor_for(team.people["cai"], clock.now())
    for stale in (None, clock.now() - timedelta(minutes=11)):
        mighty = replace(actor, permissions=frozenset(spec.permission.code for spec in money), stepped_up_at=stale)
        for spec in money:
            run = getattr(__import__(spec.function.__module__, fromlist=["x"]), spec.function.__name__)
            with pytest.raises(StepUpRequired):
                run(by=mighty)


def test_a_key_of_somebody_else_shows_nothing_and_does_nothing(team: Team) -> None:
    lin = team.program("lin")
    made = lin.post("leads", LEAD, key="lins-key")
    assert made.status_code == 201
    for stranger in (team.program("mei"), team.program("lin", scopes=["leads.view"]), team.program("guan")):
        answer = stranger.post("leads", LEAD, key="lins-key")
        assert said(answer, 409)["code"] == "idempotency_key_reused" and made.json()["number"] not in answer.content.decode()
    assert said(lin.post("leads", {**LEAD, "note": "另一件"}, key="lins-key"), 409)["code"] == "idempotency_key_reused"
    assert said(lin.post("leads/x/qualify", LEAD, key="lins-key"), 409)["code"] == "idempotency_key_reused"
    again = lin.post("leads", LEAD, key="lins-key")
    assert again.json() == made.json() and again["Idempotent-Replay"] == "true"


def test_a_key_must_be_there_and_be_sane(team: Team) -> None:
    lin = team.program("lin")
    headers = {"Authorization": f"Bearer {lin.token}"}
    answer = lin.client.post(f"{API}leads", LEAD, content_type="application/json", headers=headers)
    assert said(answer, 400)["code"] == "idempotency_key_required"
    for key in ("k" * 256, "tab\there"):
        assert said(lin.post("leads", LEAD, key=key), 400)["code"] == "idempotency_key_invalid"


def test_every_post_of_a_page_wants_its_csrf_token(team: Team) -> None:
    """Only what is signed by its sender does without: the callbacks of the bank and of the vendors."""
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    browser.cookies = team.browser("ada").cookies
    open_ones = {
        "payments:bank_callback", "payments:debit_callback", "messaging:callback", "servicing:einvoice_callback", "contracts:esign_callback",
        "contracts:gps_callback",
    }
    for page in doors.pages():
        address = "/" + _filled(page.route)
        answer = browser.post(address, {"_once": "x"})
        if page.name in open_ones:
            assert answer.status_code in (400, 401, 404), page.name
        else:
            assert answer.status_code in (403, 405), f"{page.name} {answer.status_code}"


def test_a_browser_without_its_csrf_token_writes_nothing_over_the_api(team: Team) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = team.browser("lin").cookies
    answer = browser.post(f"{API}leads", LEAD, content_type="application/json", headers={"Idempotency-Key": "k"})
    assert said(answer, 401)["code"] == "not_signed_in"
    assert browser.get(f"{API}leads").json()["items"] == []


def _filled(route: str) -> str:
    return re.sub(r"<(?:(\w+):)?(\w+)>", lambda m: _OF_KIND.get(m[1], "x"), route)


@pytest.mark.parametrize("elsewhere", ["//evil.example/x", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "http:evil.example"])
def test_nobody_is_sent_away_from_the_house(team: Team, elsewhere: str) -> None:
    browser = team.browser("cai", stepped_up=False)
    clock.tick(second_factor.STEP_SECONDS)
    code = second_factor.code_at(cast.SECRET, clock.now())
    assert _stays(browser.post("/step-up/", {"code": code, "next": elsewhere}))
    assert _stays(browser.post("/i18n/setlang/", {"language": "en", "next": elsewhere}))
    stranger = Client()
    entered = stranger.post("/sign-in/", {"username": "lin", "password": cast.PASSWORD, "next": elsewhere})
    assert _stays(entered)
    assert elsewhere not in stranger.get("/sign-in/", {"next": elsewhere}).content.decode().split("<form")[0]


def _stays(answer: Any) -> bool:
    target = answer.get("Location", "/")
    return target.startswith("/") and not target.startswith(("//", "/\\"))


def test_a_request_id_of_a_strangers_choosing_breaks_nothing(team: Team) -> None:
    lin = team.program("lin")
    for wish in ("x" * 64, "x" * 40, "a b", "é" * 10):
        headers = {"Authorization": f"Bearer {lin.token}", "Idempotency-Key": f"id-{len(wish)}-{wish.isascii()}", "X-Request-Id": wish.encode().decode("latin1")}
        answer = lin.client.post(f"{API}leads", {**LEAD, "mobile": "1546666777x"}, content_type="application/json", headers=headers)
        assert answer.status_code == 422 and len(answer["X-Request-Id"]) <= 40


def test_somebody_with_every_role_and_a_long_name_still_acts(team: Team) -> None:
    every = cast.person("every", *roles.LABELS, at=team.east, enrolled=True)
    User.objects.filter(pk=every.pk).update(name="司" * 40)
    User.objects.filter(username="fang").update(name="马" * 40)
    every.refresh_from_db()
    team.people["every"] = every
    assert said(team.program("every").post("leads", LEAD), 201)["status"] == "assigned"
    assert not Customer.objects.exists()
