"""What people and programs put into addresses: page numbers without end, filters that do not exist, cursors of nonsense."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from chezhe.config.documents import openapi
from chezhe.customers.models import Customer
from chezhe.kernel import doors, roles
from chezhe.kernel.actor import Reach
from chezhe.staff.models import User
from chezhe.staff.tests import cast
from tests.bad_input.doors import CHINESE
from tests.bad_input.watch import nothing_written
from tests.journeys.house import API, NOW, Program, Team

pytestmark = pytest.mark.django_db
HUGE = "9" * 5_000
# Everything a list, a panel or a filter of any room reads from its address.
NAMES = (
    "page", "size", "rows", "cols", "pin", "view", "sort", "q", "status", "scope", "kind", "branch", "product", "product_code", "subject", "customer",
    "loan_number", "box", "late", "bucket", "year", "month", "on", "first", "last", "account", "owner", "role", "for", "tab", "required", "class",
    "room", "created_from", "created_to", "posted_from", "posted_to", "paid_from", "paid_to", "value_from", "value_to", "due_from", "due_to", "source",
    "tier", "city", "method", "purpose", "price", "down_payment", "product_1", "periods_1", "rate_1", "condition", "item", "next", "verdict", "verb",
)
WRONG = {
    "numbers without end": HUGE, "beyond every column": str(2**63), "digits of other scripts": "²³٣", "below nothing": "-1", "a list": ",,1,x,",
    "half a character": "%ed%a0%80", "words of a database": "' OR 1=1 --", "days that are none": "2026-02-30", "years that are none": "0000-13-99",
    "far away": "9999-12-31", "turned round": "\u202egnp", "empty": " ", "markup": "<script>alert(1)</script>",
}


@pytest.fixture
def everybody(team: Team) -> Program:
    team.people["omni"] = cast.person("omni", *roles.LABELS, at=team.east, reach=Reach.ALL, enrolled=True)
    User.objects.filter(username="omni").update(password_set_at=NOW)
    return team.program("omni")


def pages(share: int, of: int) -> list[str]:
    """Pages that are opened without naming a thing."""
    found = [f"/{page.route}" for page in doors.pages() if "<" not in page.route and not page.route.startswith(("sign-", "metrics"))]
    return found[share::of]


def operations(share: int, of: int) -> list[tuple[str, list[str]]]:
    """GET operations of the API with the names they read from the address."""
    found = []
    for path, verbs in openapi()["paths"].items():
        if "get" in verbs:
            names = [p["name"] for p in verbs["get"].get("parameters", ()) if p["in"] == "query"]
            found.append((path.removeprefix(API), names))
    return found[share::of]


def address(path: str, names: Any, wrong: str) -> str:
    value = wrong if wrong.startswith("%") else quote(wrong)
    return f"{path}?" + "&".join(f"{name}={value}" for name in names)


def try_pages(team: Team, paths: list[str], wrongs: dict[str, str]) -> int:
    """No page of these crashes, none is without a sentence, none shows markup, and nothing is written."""
    browser, faults, tried = team.browser("omni"), [], 0
    browser.raise_request_exception = False
    with nothing_written():
        for path in paths:
            for label, wrong in wrongs.items():
                faults += [f"{path} {label}: {fault}" for fault in _faults(browser.get(address(path, NAMES, wrong)))]
                tried += 1
    for path in paths:  # an export is put on record
        for label, wrong in wrongs.items():
            faults += [f"{path} {label} as a file: {fault}" for fault in _faults(browser.get(address(path, ["rows"], wrong) + "&export=csv"))]
    assert not faults, "\n".join(faults)
    return tried


def _faults(answer: Any) -> list[str]:
    if answer.status_code >= 500:
        return [str(answer.status_code)]
    text = answer.content.decode(errors="replace")
    if answer.status_code in (400, 422) and not CHINESE.search(text):
        return ["no sentence"]
    return ["unescaped"] if "<script>alert(1)" in text else []


def try_operations(everybody: Program, share: int, of: int, wrongs: dict[str, str] = WRONG) -> int:
    """No operation crashes, and whatever it refuses it refuses with a code."""
    faults, tried = [], 0
    with nothing_written():
        for path, names in operations(share, of):
            for label, wrong in wrongs.items():
                filled = path.replace("{", "").replace("}", "") if label != "beyond every column" else _filled(path, wrong)
                answer = everybody.get(address(filled, names, wrong))
                tried += 1
                is_problem = answer["Content-Type"].startswith("application/problem+json")
                if answer.status_code >= 500 or (answer.status_code >= 400 and not (is_problem and json.loads(answer.content)["code"])):
                    faults.append(f"{path} {label}: {answer.status_code} {answer.content[:200]!r}")
    assert not faults, "\n".join(faults)
    return tried


def _filled(path: str, value: str) -> str:
    return "/".join(value if part.startswith("{") else part for part in path.split("/"))


FEW = {label: WRONG[label] for label in ("numbers without end", "beyond every column", "half a character")}


def test_whatever_stands_in_the_address_of_a_list_it_answers(team: Team, everybody: Program) -> None:
    assert try_pages(team, pages(0, 10), FEW) > 30


def test_whatever_stands_in_an_address_of_the_api_it_answers(everybody: Program) -> None:
    assert try_operations(everybody, 0, 4, FEW) > 60


def test_the_rows_of_a_file_are_the_rows_that_were_named(team: Team, everybody: Program, wang: Customer) -> None:
    """Nonsense names no row: it does not give everything away."""
    browser = team.browser("omni")
    lines = {rows: browser.get(f"/customers/?export=csv&rows={rows}").content.decode().count("\n") for rows in ("", str(wang.pk), "0", "x", HUGE, "²")}
    assert lines == {"": 2, str(wang.pk): 2, "0": 1, "x": 1, HUGE: 1, "²": 1}


def test_whatever_a_page_sends_beside_its_form_it_answers(team: Team, everybody: Program, wang: Customer) -> None:
    """Ids in hidden fields, verbs, choices: beyond every column, in other digits, with a NUL in them."""
    browser = team.browser("omni")
    browser.raise_request_exception = False
    posts: dict[str, dict[str, str]] = {
        "/leads/": {"bulk": "assign", "step": "one", "row": "{}"}, "/leads/pool/": {"bulk": "claim", "rows": "{}"}, "/me/act-for/": {"delegation": "{}"},
        f"/customers/{wang.number}/reveal/card_number/": {"item": "{}", "reason": "核对"}, f"/customers/{wang.number}/reveal/mobile/": {"reason": "{}"},
        "/search/": {"q": "{}"}, "/views/default/": {"list": "{}", "view": "{}"}, "/views/save/": {"path": "{}", "name": "{}"}, "/today/recent/": {"numbers": "{}"},
        "/sign-in/": {"username": "{}", "password": "{}"}, "/me/password/": {"current": "{}"}, "/ui/check/id/": {"value": "{}"},
        f"/customers/{wang.number}/edit/": {"version": "{}", "reason": "{}"}, "/servicing/day/": {"until": "{}"},
    }
    for path, form in posts.items():
        for wrong in (HUGE[:4_500], str(2**63), "²", "a\0b", "\u202e", "-1"):
            answer = browser.post(path, {name: value.format(wrong) for name, value in form.items()})
            assert answer.status_code < 500, (path, wrong[:20])
            if "\0" in wrong:
                assert answer.status_code == 422 and "不可见的控制字符" in answer.content.decode(), path


@pytest.mark.long
@pytest.mark.parametrize("share", range(4))
def test_every_page_answers(team: Team, everybody: Program, share: int) -> None:
    try_pages(team, pages(share, 4), WRONG)


@pytest.mark.long
def test_every_operation_answers(everybody: Program) -> None:
    try_operations(everybody, 0, 1)
