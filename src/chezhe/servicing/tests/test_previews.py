"""What a preview says is what is posted right afterwards, entry by entry, for every door of money; and a preview writes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.urls import resolve

from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.finmath.money import Money
from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.finmath.transfers import Transfer
from chezhe.kernel import events, jobs
from chezhe.ledger import rules as ledger_rules
from chezhe.ledger import steps as ledger_steps
from chezhe.ledger.models import Account, JournalEntry
from chezhe.payments.models import BankLine
from chezhe.servicing import queries
from chezhe.servicing.actions.prepay_loan import prepay_loan
from chezhe.servicing.actions.settle_loan import settle_loan
from chezhe.servicing.actions.undo_repricing import undo_repricing
from chezhe.servicing.models import Loan, LoanChange, LoanEvent
from chezhe.servicing.tests.deciding import agree, ask_refund, risk
from chezhe.servicing.tests.doors_of_money import APRIL, WHY, at, file_case, overpaid, slip, used_slip
from chezhe.servicing.tests.every_door import BAD, CASES, ROUTE_OF
from chezhe.servicing.tests.lending import START, Bank, days_pass, lend, pay, receipt
from chezhe.servicing.tests.test_life import agrees
from chezhe.servicing.tests.test_repricing import FLOATING, OTHER_CAR, applied, floating, propose, work  # noqa: F401
from chezhe.servicing.tests.test_repricing import agree as agree_batch

pytestmark = pytest.mark.django_db

# A program's key of a request, and nothing else.
NOT_ROWS = {"IdempotencyKey"}


def rows() -> dict[str, int]:
    """How many rows every table has."""
    return {model.__name__: model._default_manager.count() for model in apps.get_models() if model.__name__ not in NOT_ROWS}


def in_words(said: list[tuple[date, str, list[Transfer]]]) -> list[str]:
    """Entries as an accountant reads them, without whose they are: what is not written yet has no number."""
    names = dict(Account.objects.values_list("code", "english"))
    texts = [ledger_rules.EntryText(on, event, [Transfer(t.debit, t.credit, t.fen) for t in moved]) for on, event, moved in said]
    return [ledger_rules.journal_text([text], names) for text in texts]


def posted_since(last: int) -> list[str]:
    entries = JournalEntry.objects.filter(pk__gt=last).order_by("pk")
    return in_words([(entry.posted_on, entry.event, list(ledger_steps.transfers_of(entry))) for entry in entries])


def previewed(bookings: list[dict[str, Any]]) -> list[str]:
    def value(moved: dict[str, str]) -> Transfer:
        return Transfer(moved["debit"], moved["credit"], int(Decimal(moved["amount"]) * 100))

    return in_words([(date.fromisoformat(b["on"]), b["event"], [value(t) for t in b["transfers"]]) for b in bookings])


def newest() -> int:
    return JournalEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def route_of(path: str) -> str:
    """`servicing/loans/{number}/repayments` for a loan's own address."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", resolve(f"/api/v1/{path}").route).removeprefix("api/v1/")


@pytest.fixture(autouse=True)
def no_worker() -> Iterator[None]:
    with jobs.in_line():
        yield


@pytest.mark.parametrize("name", CASES)
def test_a_preview_says_what_is_posted_and_writes_nothing(browser: Any, bank: Bank, loan: Loan, name: str) -> None:
    case = CASES[name](bank, loan)
    assert route_of(case.path) == ROUTE_OF[name]
    browser.acts_as(case.by(bank))
    before, last = rows(), newest()
    said = browser.api(f"{case.path}/preview", case.body)
    assert said.status_code == 200, said.content.decode()
    assert rows() == before
    done = browser.api(case.path, case.body)
    assert done.status_code in (200, 201, 202), done.content.decode()
    case.after(done)
    posted = posted_since(last)
    if "bookings" in said.json():
        assert previewed(said.json()["bookings"]) == posted
    else:
        assert_sums(said.json(), last)
    for one in Loan.objects.all():
        assert agrees(one)
    if "after" in said.json():
        assert_stands(Loan.objects.get(pk=loan.pk), said.json()["after"])


def assert_sums(said: dict[str, Any], last: int) -> None:
    """A batch tells its entries summed by account."""
    entries = list(JournalEntry.objects.filter(pk__gt=last))
    sums: dict[str, list[int]] = {}
    for moved in (moved for entry in entries for moved in ledger_steps.transfers_of(entry)):
        sums.setdefault(moved.debit, [0, 0])[0] += moved.fen
        sums.setdefault(moved.credit, [0, 0])[1] += moved.fen
    assert said["entries"] == len(entries)
    assert {one["account"]: (one["debit"], one["credit"]) for one in said["accounts"]} == {
        code: (str(Money(debit)), str(Money(credit))) for code, (debit, credit) in sums.items()}


def assert_stands(loan: Loan, after: dict[str, Any]) -> None:
    assert (after["principal_left"], after["unapplied"], after["deposit"]) == (str(loan.principal_left), str(loan.unapplied), str(loan.deposit))


def test_a_bank_file_names_what_becomes_of_every_line(browser: Any, bank: Bank, loan: Loan) -> None:
    case = file_case(bank, loan)
    said = browser.acts_as(bank.fang).api(f"{case.path}/preview", {}).json()
    verdicts = {one["name"]: one["verdict"] for one in said["outcomes"]}
    reasons = {one["name"]: one["reason"] for one in said["outcomes"] if one["verdict"] == "left"}
    done = browser.api(case.path, {}).json()
    counts = {one["verdict"]: one["count"] for one in said["counts"]}
    assert counts == {"posted": done["posted"] - done["known"], "known": done["known"], "left": done["parked"]}
    for line in BankLine.objects.all():
        assert (line.status == "matched") is (verdicts[line.bank_serial] != "left")
        assert line.bank_serial not in reasons or line.outcome == reasons[line.bank_serial]


@pytest.mark.parametrize("name", BAD)
def test_what_the_door_refuses_its_preview_refuses_alike(browser: Any, bank: Bank, loan: Loan, name: str) -> None:
    case = BAD[name](bank, loan)
    browser.acts_as(case.by(bank))
    said, done = browser.api(f"{case.path}/preview", case.body), browser.api(case.path, case.body)
    assert said.status_code == done.status_code >= 400, (said.content.decode(), done.content.decode())
    assert (said.json()["code"], said.json()["detail"]) == (done.json()["code"], done.json()["detail"])


@pytest.mark.parametrize("name", ["VAT", "provision"])
def test_a_run_that_waits_says_what_it_has_to_book(browser: Any, bank: Bank, loan: Loan, name: str) -> None:
    case = CASES[name](bank, loan)
    browser.acts_as(case.by(bank))
    waits = browser.api(case.path.removesuffix("/post")).json()
    assert waits["to_book"] == browser.api(f"{case.path}/preview", {}).json()["bookings"] != []
    assert browser.api(case.path, {}).status_code == 200 and browser.api(case.path.removesuffix("/post")).json()["to_book"] == []


def test_money_that_is_booked_already_books_nothing_more(browser: Any, bank: Bank, loan: Loan) -> None:
    home = used_slip(bank, loan)
    said = browser.acts_as(bank.fang).api(f"{home}/repayments/preview", slip("1.00", APRIL)).json()
    assert said["bookings"] == [] and said["before"] == said["after"]


def test_the_actions_take_what_the_preview_judged(bank: Bank, loan: Loan) -> None:
    given = receipt("20000.00", START, "T1", kind="prepaid", mode=PrepaymentMode.SHORTEN_TERM)
    assert prepay_loan(loan_number=loan.number, receipt=given, by=bank.fang).kind == "prepaid"
    payoff = queries.settlement_quote(Loan.objects.get(pk=loan.pk), START).to_pay
    done = settle_loan(loan_number=loan.number, receipt=receipt(str(payoff), START, "J1", kind="settled"), by=bank.fang)
    assert isinstance(done, LoanEvent) and agrees(loan)


# ---- a batch of new rates -------------------------------------------------------------------------------------


def test_a_batch_is_previewed_before_it_is_taken_back(browser: Any, bank: Bank, floating: Loan) -> None:  # noqa: F811
    other = lend(bank, FLOATING, **OTHER_CAR)
    batch = applied(bank)
    path = f"servicing/repricings/{batch.number}/reverse"
    browser.acts_as(bank.fang)
    assert browser.api(f"{path}/preview", {"reason": ""}).json()["code"] == browser.api(path, {"reason": ""}).json()["code"]
    days_pass(bank, date(2027, 3, 1))
    before, last = rows(), newest()
    said = browser.api(f"{path}/preview", WHY).json()
    assert rows() == before and [one["count"] for one in said["counts"]] == [batch.loans]
    assert browser.api(path, WHY).status_code == 200
    batch.refresh_from_db()
    cast_vote(request_number=batch.reverse_approval_number, verdict="agree", opinion="确实录错", by=risk(bank))
    assert work(batch, undo_repricing).status == "reversed"
    assert said["entries"], "an instalment fell due at the new rate meanwhile"
    assert_sums(said, last)
    assert agrees(floating) and agrees(other)


def test_what_failed_is_previewed_before_it_is_tried_again(browser: Any, bank: Bank, floating: Loan) -> None:  # noqa: F811
    other = lend(bank, FLOATING, **OTHER_CAR)
    (batch,) = propose()
    batch.lines.update(rate_after=Decimal("0.30"))
    work(agree_batch(batch, risk(bank)))
    batch.lines.filter(loan=other).update(rate_after=Decimal("0.119"))
    path = f"servicing/repricings/{batch.number}/retry"
    before, last = rows(), newest()
    said = browser.acts_as(bank.fang).api(f"{path}/preview", {}).json()
    assert rows() == before and {one["name"]: one["verdict"] for one in said["outcomes"]} == {floating.number: "left", other.number: "posted"}
    assert "24%" in next(one["reason"] for one in said["outcomes"] if one["verdict"] == "left")
    assert browser.api(path, {}).status_code == 200
    work(batch)
    assert_sums(said, last)
    assert browser.acts_as(bank.fang).api(f"{path}/preview", {}).status_code == 200, "one is left"


# ---- what a program approves ----------------------------------------------------------------------------------


def test_a_program_reads_what_was_asked_and_what_it_would_do(browser: Any, bank: Bank, loan: Loan) -> None:
    home = at(bank, loan, APRIL)
    body = {"method": "equal_principal", "annual_rate": "0.10", "periods": 48, **WHY}
    browser.acts_as(bank.fang)
    dry = browser.api(f"{home}/restructurings/preview", body).json()
    change = browser.api(f"{home}/restructurings", body).json()
    told = browser.api(f"servicing/loan-changes/{change['number']}").json()
    assert told["asked"] | {"method": "equal_principal", "annual_rate": "0.10", "periods": 48} == told["asked"] and not told["booked"]
    assert told["would"] == dry and len(dry["plan_after"]) > len(dry["plan_before"]) and told["refusal"] is None
    pay(bank, loan, "10000.00", APRIL, "R1")
    later = browser.api(f"servicing/loan-changes/{change['number']}").json()
    assert later["would"] != dry, "on the position of the moment"
    last = newest()
    agree(LoanChange.objects.get(number=change["number"]), bank.cast.gao, risk(bank))
    done = browser.api(f"servicing/loan-changes/{change['number']}").json()
    assert previewed(done["booked"]) == posted_since(last) == previewed(later["would"]["bookings"]) and done["would"] is None
    events.deliver_all()


def test_a_change_that_cannot_be_agreed_to_any_more_says_why(browser: Any, bank: Bank, loan: Loan) -> None:
    overpaid(bank, loan)
    change = ask_refund(bank, loan, 50_000)
    at(bank, loan, date(2026, 3, 15))
    told = browser.acts_as(bank.fang).api(f"servicing/loan-changes/{change.number}").json()
    assert told["refusal"]["code"] == "refund_exceeds_unapplied" and told["asked"]["account"]
