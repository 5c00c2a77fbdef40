"""A payout that comes back after the loan began: held, gone on with, or undone; and one payout ever."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from chezhe.contracts.models import Contract, Leg, Mortgage
from chezhe.contracts.paying.errors import MoneyIsOut
from chezhe.finmath.money import Money
from chezhe.kernel import events
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import NotFound, NotPermitted, ReasonRequired, WrongState
from chezhe.kernel.testing import WU
from chezhe.ledger import queries as ledger_queries
from chezhe.servicing import outcomes, queries, returned
from chezhe.servicing.actions.hold_loan import hold_loan
from chezhe.servicing.actions.resume_loan import resume_loan
from chezhe.servicing.actions.reverse_repayment import reverse_repayment
from chezhe.servicing.actions.undo_payout import undo_payout
from chezhe.servicing.commission.models import CommissionLine
from chezhe.servicing.models import Loan
from chezhe.servicing.reversals import NotReversible
from chezhe.servicing.tests.commissioning import brought, planned
from chezhe.servicing.tests.lending import Bank, days_pass, lend, pay, with_plan
from chezhe.servicing.tests.returning import came_back, paid_out
from chezhe.servicing.tests.test_life import agrees, journal

pytestmark = pytest.mark.django_db

SOON, AGAIN, LATE = date(2026, 1, 17), date(2026, 1, 20), date(2026, 4, 20)


def resumed(loan: Loan, on: date, reference: str = "2") -> Loan:
    resume_loan(contract_number=loan.contract.number, paid_on=on, reference=reference, by=SYSTEM)
    loan.refresh_from_db()
    return loan


def test_it_is_held_and_nothing_runs(bank: Bank, loan: Loan) -> None:
    days_pass(bank, SOON)
    came_back(bank, loan)
    assert loan.status == "held" and agrees(loan) and loan.next_event_on is None and loan.next_due_on is None
    days_pass(bank, LATE)
    assert agrees(loan) and not loan.interest_due and not loan.principal_due and loan.oldest_due_on is None
    assert journal(loan) == "2026-01-15 payout\n  Dr principal         100,000.00\n  Cr funds in transit  100,000.00"
    assert loan not in queries.overdue(bank.fang, LATE)
    assert not loan.events.filter(kind="aged").exists()
    with pytest.raises(WrongState):
        pay(bank, loan, "100.00", LATE)


def test_it_is_held_even_when_the_news_comes_after_the_first_due_date(bank: Bank, loan: Loan) -> None:
    days_pass(bank, LATE)
    loan.refresh_from_db()
    assert loan.interest_due
    came_back(bank, loan)
    assert loan.status == "held" and agrees(loan) and not loan.interest_due and loan.oldest_due_on is None
    assert ledger_queries.balance("1132.01", owner=loan.subject) == Money(0)


def test_told_twice_it_is_held_once_and_of_no_loan_nothing_is_held(bank: Bank, loan: Loan) -> None:
    days_pass(bank, SOON)
    came_back(bank, loan)
    for reference in ("1", "other"):
        hold_loan(contract_number=loan.contract.number, is_effective=True, reference=reference, reason="", by=SYSTEM)
    assert loan.events.filter(kind="held").count() == 1
    assert hold_loan(contract_number="K26-000000-0", is_effective=False, reference="9", reason="", by=SYSTEM) is None
    with pytest.raises(returned.LoanNotBegun):
        hold_loan(contract_number="K26-000000-0", is_effective=True, reference="9", reason="", by=SYSTEM)


def test_when_the_money_has_gone_again_the_plan_begins_on_that_day(bank: Bank, loan: Loan) -> None:
    days_pass(bank, SOON)
    came_back(bank, loan)
    days_pass(bank, AGAIN)
    resumed(loan, AGAIN)
    assert loan.status == "active" and agrees(loan)
    fresh = lend(bank, with_plan(start_date=AGAIN), vin="LRWYGCEK2RC000004", plate="沪B23456")
    newest = loan.schedules.order_by("-version").first()
    assert newest is not None
    first = fresh.schedules.get(version=1)
    assert newest.due_dates[0] > date(2026, 2, 14) and sum(newest.principal_fen) == 10_000_000 and len(first.due_dates) == 36
    assert loan.matures_on == newest.due_dates[-1]
    days_pass(bank, newest.due_dates[0])
    loan.refresh_from_db()
    assert loan.interest_due == Money(newest.interest_fen[0]) and agrees(loan)
    assert resume_loan(contract_number=loan.contract.number, paid_on=AGAIN, reference="2", by=SYSTEM) == loan


def test_even_months_later_it_begins_anew_without_arrears(bank: Bank, loan: Loan) -> None:
    days_pass(bank, SOON)
    came_back(bank, loan)
    days_pass(bank, LATE)
    resumed(loan, LATE)
    assert loan.status == "active" and loan.oldest_due_on is None and not loan.interest_due and agrees(loan)
    assert loan.next_due_on is not None and loan.next_due_on > LATE


def test_it_may_come_back_a_second_time(bank: Bank, loan: Loan) -> None:
    days_pass(bank, SOON)
    came_back(bank, loan)
    days_pass(bank, AGAIN)
    resumed(loan, AGAIN)
    days_pass(bank, date(2026, 1, 22))
    came_back(bank, loan, "3")
    assert loan.status == "held" and agrees(loan)
    resumed(loan, date(2026, 1, 22), "4")
    assert loan.status == "active" and agrees(loan) and loan.events.filter(kind="resumed").count() == 2


def test_it_is_undone_with_the_contract_and_the_commission(bank: Bank) -> None:
    loan = brought(bank, planned(bank).dealer)
    days_pass(bank, SOON)
    came_back(bank, loan)
    assert ledger_queries.balance("1012").fen == -17_500_000, "the money in our hands stands in transit"
    for nobody in (bank.cast.lin, WU):
        with pytest.raises((NotPermitted, NotFound)):
            undo_payout(loan_number=loan.number, reason="客户放弃", by=nobody)
    with pytest.raises(ReasonRequired):
        undo_payout(loan_number=loan.number, reason=" ", by=bank.fang)
    undo_payout(loan_number=loan.number, reason="客户放弃购车", by=bank.fang)
    loan.refresh_from_db()
    assert loan.status == "undone" and agrees(loan) and not loan.principal_left and loan.settled_on == SOON
    assert ledger_queries.balance("1012") == Money(0) and ledger_queries.balance("1303.01", owner=loan.subject) == Money(0)
    contract = Contract.objects.get(pk=loan.contract_id)
    assert contract.status == "void" and contract.application is not None and contract.application.bound == ""
    assert Mortgage.objects.get(contract=contract).status == "release_requested"
    assert CommissionLine.objects.get(kind="never_lent").amount == Money(-875_000)
    with pytest.raises(WrongState):
        undo_payout(loan_number=loan.number, reason="再来一次", by=bank.fang)
    days_pass(bank, LATE)
    assert agrees(loan)


def test_a_loan_that_runs_or_whose_money_is_partly_out_is_not_undone(bank: Bank, loan: Loan) -> None:
    made = paid_out(loan)
    with pytest.raises(WrongState):
        undo_payout(loan_number=loan.number, reason="客户放弃", by=bank.fang)
    days_pass(bank, SOON)
    came_back(bank, loan)
    Leg.objects.filter(disbursement=made).update(status="paid")
    with pytest.raises(MoneyIsOut):
        undo_payout(loan_number=loan.number, reason="客户放弃", by=bank.fang)


def test_it_follows_the_news_of_its_payout(bank: Bank, loan: Loan) -> None:
    days_pass(bank, SOON)
    made = paid_out(loan)
    said = {"disbursement": made.number, "contract": loan.contract.number, "paid_on": SOON.isoformat(), "amount_fen": loan.principal.fen}
    events.publish("disbursement.returned", made.subject, {**said, "failure_code": "RETURNED_BY_PAYEE_BANK", "place": 1, "is_effective": True})
    events.deliver_all()
    loan.refresh_from_db()
    assert loan.status == "held"
    days_pass(bank, AGAIN)
    events.publish("disbursement.paid", made.subject, {**said, "paid_on": AGAIN.isoformat(), "failure_code": ""})
    events.deliver_all()
    loan.refresh_from_db()
    assert loan.status == "active" and agrees(loan) and Loan.objects.count() == 1
    assert [event.kind for event in loan.events.order_by("id")] == ["paid_out", "held", "resumed"]


def test_one_that_was_undone_is_no_good_loan(bank: Bank, loan: Loan) -> None:
    days_pass(bank, SOON)
    came_back(bank, loan)
    undo_payout(loan_number=loan.number, reason="客户放弃购车", by=bank.fang)
    assert outcomes.report(date(2026, 1, 18)) == 0


def test_what_the_bank_told_is_not_reversed_by_hand(bank: Bank, loan: Loan) -> None:
    days_pass(bank, SOON)
    came_back(bank, loan)
    held = loan.events.get(kind="held")
    with pytest.raises(NotReversible):
        reverse_repayment(loan_number=loan.number, event_id=held.pk, reason="记错", by=bank.fang)


def test_by_page_what_it_does_is_shown_first(browser: Any, bank: Bank, loan: Loan) -> None:
    days_pass(bank, SOON)
    came_back(bank, loan)
    browser.acts_as(bank.fang)
    assert "放款被退回" in browser.get(reverse("servicing:loan", args=[loan.number])).content.decode()
    url = reverse("servicing:undo_payout", args=[loan.number])
    assert browser.get(url).status_code == 200
    tried = browser.post(url, {"reason": "客户放弃购车"})
    assert "100,000.00" in tried.content.decode() and Loan.objects.get(pk=loan.pk).status == "held"
    assert browser.post(url, {"reason": "客户放弃购车", "seen": tried.context["mark"]}).status_code == 302
    assert Loan.objects.get(pk=loan.pk).status == "undone"
    assert browser.acts_as(WU).get(url).status_code in (403, 404)
