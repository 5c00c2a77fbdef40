"""A manual entry is nobody's alone: not to propose, not to decide, not to take back; and no month or day is anybody's whim."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from chezhe.kernel import clock
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.ledger.models import JournalEntry, ManualEntry
from tests.bad_input.doors import CHINESE, api_refuses, page_refuses, posting_refused
from tests.bad_input.watch import nothing_written
from tests.journeys.house import TODAY, Program, Team
from tests.journeys.walk import said
from tests.security.test_two_people import for_another

pytestmark = pytest.mark.django_db
ENTRY: dict[str, Any] = {"posted_on": TODAY.isoformat(), "memo": "更正", "transfers": [{"debit": chart.SUSPENSE, "credit": chart.BANK, "amount": "1.00"}]}
AGREE = {"verdict": "agree", "opinion": ""}
BACK = {"on": TODAY.isoformat(), "reason": "重复入账"}


@pytest.fixture
def finance(team: Team) -> tuple[Program, Program]:
    """Cai and Cao, with fresh codes."""
    cai, cao = team.program("cai"), team.program("cao")
    for person in (cai, cao):
        said(person.step_up())
    return cai, cao


def booked(proposer: Program, other: Program) -> str:
    """An entry that one proposed and the other agreed to; its number."""
    proposed = said(proposer.post("ledger/manual-entries", ENTRY), 201)
    said(other.post(f"approvals/requests/{proposed['approval_number']}/votes", AGREE), 201)
    return str(said(proposer.get(f"ledger/manual-entries/{proposed['number']}"))["entry_number"])


def test_one_person_alone_books_nothing(team: Team, finance: tuple[Program, Program]) -> None:
    """Not over the API, not on the page of approvals, not through a delegation in either direction."""
    cai, _cao = finance
    request = said(cai.post("ledger/manual-entries", ENTRY), 201)["approval_number"]
    page = team.browser("cai")
    for_cao, for_cai = for_another(team, "cai", "cao", "finance"), for_another(team, "cao", "cai", "finance")
    with nothing_written():
        problem = cai.post(f"approvals/requests/{request}/votes", AGREE)
        assert said(problem, 409)["code"] == "same_person" and CHINESE.search(problem.json()["detail"])
        for browser in (page, for_cao, for_cai):
            assert "另一位同事" in refused(browser, f"/approvals/{request}/vote/", AGREE)
        assert "another colleague" in refused(page, f"/approvals/{request}/vote/", AGREE, "en")
    assert not JournalEntry.objects.exists() and ManualEntry.objects.get().status == "proposed"


def refused(browser: Client, path: str, form: dict[str, Any], language: str = "zh-hans") -> str:
    answer = browser.post(path, form, headers={"Accept-Language": language})
    assert answer.status_code in (403, 409, 422), answer.status_code
    return str(answer.content.decode())


def test_one_person_alone_takes_nothing_back(team: Team, finance: tuple[Program, Program]) -> None:
    cai, cao = finance
    entry = booked(cai, cao)
    page = team.browser("cai")
    with nothing_written():
        api_refuses(cai.post(f"ledger/entries/{entry}/reverse", {**BACK, "reason": " "}), "reason", "reason_missing")
        api_refuses(cai.post(f"ledger/entries/{entry}/reverse", {**BACK, "on": "2026-09-02"}), "on", "posted_on_ahead")
    page_refuses(page, f"/ledger/entries/{entry}/reverse/", {**BACK, "on": "2026-09-02"}, "on", "不能晚于业务日期", "business date")
    proposed = said(cai.post(f"ledger/entries/{entry}/reverse", BACK), 201)
    assert (proposed["status"], proposed["reverses"], proposed["entry_number"]) == ("proposed", entry, None)
    assert JournalEntry.objects.count() == 1, "nothing is reversed yet"
    vote = f"approvals/requests/{proposed['approval_number']}/votes"
    with nothing_written():
        api_refuses(cai.post(vote, AGREE), "", "same_person", 409)
        api_refuses(cao.post(f"ledger/entries/{entry}/reverse", BACK), "", "reversal_waits", 409)
    said(cao.post(vote, AGREE), 201)
    assert said(cai.get(f"ledger/entries/{entry}"))["reversed_by"] and ledger_queries.balance(chart.SUSPENSE).fen == 0
    api_refuses(cao.post(f"ledger/entries/{entry}/reverse", BACK), "", "already_reversed", 409)
    assert ledger_queries.trial_balance(TODAY).difference.fen == 0 and ledger_queries.prove(thorough=True).is_sound


def test_a_proposed_reversal_that_is_declined_makes_room_for_another(finance: tuple[Program, Program]) -> None:
    cai, cao = finance
    entry = booked(cai, cao)
    first = said(cai.post(f"ledger/entries/{entry}/reverse", BACK), 201)
    said(cao.post(f"approvals/requests/{first['approval_number']}/votes", {"verdict": "reject", "opinion": "原分录无误"}), 201)
    second = said(cao.post(f"ledger/entries/{entry}/reverse", BACK), 201)
    said(cai.post(f"approvals/requests/{second['approval_number']}/votes", AGREE), 201)
    assert JournalEntry.objects.filter(reverses__isnull=False).count() == 1


def test_an_entry_that_cannot_be_is_refused_beside_its_line(team: Team, finance: tuple[Program, Program]) -> None:
    cai, _cao = finance
    line = ENTRY["transfers"][0]
    for change, field, code, status in (
        ({"memo": " "}, "memo", "memo_missing", 422), ({"posted_on": "2026-09-02"}, "posted_on", "posted_on_ahead", 422),
        ({"transfers": [{**line, "credit": chart.SUSPENSE}]}, "transfers.0.credit", "same_account", 422),
        ({"transfers": [{**line, "amount": "0.00"}]}, "transfers.0.amount", "money_low", 422),
        ({"transfers": [{**line, "debit": chart.OFF_BOOK_INTEREST}]}, "", "mixes_books", 422), ({"posted_on": "2026-02-30"}, "posted_on", "date_form", 422),
    ):
        posting_refused(cai, "ledger/manual-entries", {**ENTRY, **change}, field, code, status)
    form = {"posted_on": "2026-09-02", "memo": "更正", "debit_1": chart.SUSPENSE, "credit_1": chart.BANK, "amount_1": "1"}
    page = team.browser("cai")
    page_refuses(page, "/ledger/manual-entries/new/", form, "posted_on", "不能晚于业务日期", "business date")
    page_refuses(page, "/ledger/manual-entries/new/", {**form, "credit_1": chart.SUSPENSE}, "credit_1", "不能是同一科目", "same account")


def test_without_a_fresh_code_nobody_touches_the_books(team: Team, finance: tuple[Program, Program]) -> None:
    cai, cao = finance
    entry = booked(cai, cao)
    clock.tick(11 * 60)
    with nothing_written():
        for path, body in (("ledger/manual-entries", ENTRY), (f"ledger/entries/{entry}/reverse", BACK)):
            api_refuses(cai.post(path, body), "", "step_up_required", 403)
