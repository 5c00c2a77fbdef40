"""Fees beside the plan, and what is forgiven."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chezhe.compliance.steps import CostExceeded
from chezhe.finmath.allocation import Item
from chezhe.finmath.money import Money
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, ReasonRequired, SamePerson, WrongState
from chezhe.kernel.models import AuditEntry
from chezhe.kernel.testing import WU
from chezhe.servicing import case, queries
from chezhe.servicing.actions.charge_fee import charge_fee
from chezhe.servicing.actions.request_waiver import request_waiver
from chezhe.servicing.changes import ChangeWaits, WaiverExceeds
from chezhe.servicing.charges import Fee
from chezhe.servicing.models import Loan, LoanChange, LoanEvent
from chezhe.servicing.tests.deciding import agree, take_back
from chezhe.servicing.tests.lending import Bank, days_pass, lend, pay, settle, with_plan
from chezhe.servicing.tests.test_doors import at, text_of
from chezhe.servicing.tests.test_life import agrees, journal

pytestmark = pytest.mark.django_db

FEBRUARY, APRIL = date(2026, 2, 15), date(2026, 4, 1)


def charge(bank: Bank, loan: Loan, fen: int, code: str = "legal") -> Any:
    return charge_fee(loan_number=loan.number, fee=Fee(code=code, amount=Money(fen), reason="起诉立案"), by=bank.fang)


def waive(bank: Bank, loan: Loan, item: Item, fen: int) -> LoanChange:
    asked = request_waiver(loan_number=loan.number, item=item, amount=Money(fen), reason="客户住院，酌情减免", by=bank.fang)
    return agree(asked, bank.cast.gao)


def test_a_fee_is_owed_at_once_and_makes_no_loan_late(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 2, 1))
    event = charge(bank, loan, 30_000)
    assert journal(loan).endswith("2026-02-01 charged\n  Dr fee receivable  300.00\n  Cr fee income      300.00")
    assert agrees(loan) and (loan.fee_due, loan.oldest_due_on) == (Money(30_000), None)
    days_pass(bank, date(2026, 2, 10))
    assert agrees(loan) and queries.current_position(loan, date(2026, 2, 10)).dpd == 0
    pay(bank, loan, "300.00", date(2026, 2, 10))
    assert agrees(loan) and not loan.fee_due and not loan.unapplied
    take_back(bank, event)
    assert agrees(loan) and loan.unapplied == Money(30_000)


def test_cash_with_us_pays_a_fee_and_settling_includes_it(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 2, 1))
    pay(bank, loan, "100.00", date(2026, 2, 1))
    before = queries.settlement_quote(loan, date(2026, 2, 1)).total
    charge(bank, loan, 30_000)
    assert agrees(loan) and not loan.unapplied and loan.fee_due == Money(20_000)
    assert queries.settlement_quote(loan, date(2026, 2, 1)).total == before + Money(20_000)
    settle(bank, loan, str(queries.settlement_quote(loan, date(2026, 2, 1)).to_pay))
    assert agrees(loan) and loan.status == "settled"
    with pytest.raises(WrongState):
        charge(bank, loan, 100)


def test_a_fee_left_unpaid_keeps_the_loan_open_after_its_last_instalment(bank: Bank) -> None:
    loan = lend(bank, with_plan(periods=1))
    charge(bank, loan, 5_000)
    days_pass(bank, FEBRUARY)
    pay(bank, loan, "101000.00", FEBRUARY)
    assert agrees(loan) and loan.status == "active" and loan.principal_due + loan.interest_due + loan.fee_due == Money(5_000)
    days_pass(bank, APRIL)
    pay(bank, loan, "10000.00", APRIL, "S2")
    assert agrees(loan) and loan.status == "settled"


def test_a_large_fee_is_asked_for_and_owed_when_the_branch_manager_agrees(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 2, 1))
    asked = charge(bank, loan, 50_001)
    assert isinstance(asked, LoanChange) and (asked.kind, asked.status) == ("charge", "proposed") and agrees(loan) and not loan.fee_due
    with pytest.raises(ChangeWaits):
        charge(bank, loan, 60_000)
    assert isinstance(charge(bank, loan, 50_000), LoanEvent), "the limit itself is finance's own word"
    assert agree(asked, bank.cast.gao).status == "applied"
    assert agrees(loan) and loan.fee_due == Money(100_001)
    assert journal(loan).endswith("2026-02-01 charged\n  Dr fee receivable  500.01\n  Cr fee income      500.01")
    event = LoanChange.objects.get(pk=asked.pk).event
    assert event is not None
    take_back(bank, event)
    assert agrees(loan) and loan.fee_due == Money(50_000)


def test_a_large_fee_that_is_refused_is_not_owed(bank: Bank, loan: Loan) -> None:
    asked = charge(bank, loan, 80_000)
    assert isinstance(asked, LoanChange) and agree(asked, bank.cast.gao, verdict="reject").status == "rejected"
    assert agrees(loan) and not loan.fee_due


def test_no_fee_makes_the_loan_dearer_than_the_cap(bank: Bank, loan: Loan) -> None:
    """100 000.00 at 12 %: with 5 % a month for four months the cost a year passes 24 %; what enforcing the claim cost may come on top."""
    for month in (2, 3, 4):
        days_pass(bank, date(2026, month, 1))
        assert charge(bank, loan, 500_000, "other").status == "proposed"
        agree(LoanChange.objects.get(status="proposed"), bank.cast.gao)
    with pytest.raises(CostExceeded) as refused:
        charge(bank, loan, 500_000, "other")
    assert refused.value.facts["limit"] == "24%" and agrees(loan) and loan.fee_due == Money(1_500_000)
    assert charge(bank, loan, 500_000, "legal").status == "proposed"


def test_waiving_the_penalties_of_the_worked_case_books_nothing_and_stops_nothing(bank: Bank, loan: Loan) -> None:
    days_pass(bank, APRIL)
    before = journal(loan)
    waive(bank, loan, Item.PENALTY, 5_223)
    assert agrees(loan) and journal(loan) == before
    first = queries.current_position(loan, APRIL).dues[0]
    assert (first.penalty_fen, first.compound_fen, first.interest_fen) == (0, 2_250, 100_000)
    assert queries.current_position(loan, date(2026, 4, 2)).dues[0].penalty_fen == 116, "the next day costs 1.16"


def test_waived_interest_is_a_loss_on_the_books_and_a_memo_off_them(bank: Bank, loan: Loan) -> None:
    days_pass(bank, APRIL)
    change = waive(bank, loan, Item.INTEREST, 150_000)
    assert journal(loan).endswith("2026-04-01 waived\n  Dr waivers              1,500.00\n  Cr interest receivable  1,500.00")
    assert agrees(loan) and loan.interest_due == Money(197_679 - 150_000) and loan.days_past_due(APRIL) == 45
    take_back(bank, change.event)
    change.refresh_from_db()
    assert agrees(loan) and change.status == "taken_back"
    days_pass(bank, date(2026, 5, 20))
    loan.refresh_from_db()
    assert loan.is_off_book
    waive(bank, loan, Item.INTEREST, 100_000)
    assert journal(loan).endswith("  Dr off-book interest contra  1,000.00\n  Cr off-book interest         1,000.00") and agrees(loan)


def test_a_payment_found_late_leaves_the_waiver_what_was_still_owed(bank: Bank, loan: Loan) -> None:
    days_pass(bank, APRIL)
    waive(bank, loan, Item.PENALTY, 7_216)
    days_pass(bank, date(2026, 4, 10))
    pay(bank, loan, "3321.43", FEBRUARY, "S9")
    assert agrees(loan)
    dues = queries.current_position(loan, date(2026, 4, 10)).dues
    assert dues[0].due_date == date(2026, 3, 15) and dues[0].penalty_fen == 3_048 - 1_993, "26 days less the waived 17"


def test_only_what_is_owed_can_be_asked_for_and_by_whom(bank: Bank, loan: Loan) -> None:
    days_pass(bank, APRIL)
    asked: dict[str, Any] = {"loan_number": loan.number, "item": Item.PENALTY, "amount": Money(7_217), "reason": "住院", "by": bank.fang}
    with pytest.raises(WaiverExceeds):
        request_waiver(**asked)
    for change, refusal in (({"item": Item.PRINCIPAL}, Invalid), ({"amount": Money(0)}, Invalid), ({"reason": ""}, ReasonRequired),
                            ({"by": WU}, NotPermitted), ({"by": bank.cast.mei}, (NotFound, NotPermitted))):
        with pytest.raises(refusal):
            request_waiver(**{**asked, "amount": Money(100), **change})
    mine = request_waiver(**{**asked, "amount": Money(100), "by": bank.fang})
    with pytest.raises((SamePerson, NotPermitted)):
        agree(mine, bank.fang)
    for fee, refusal in ((Fee(code="x", amount=Money(1), reason="起诉"), Invalid), (Fee(code="legal", amount=Money(0), reason="起诉"), Invalid),
                         (Fee(code="legal", amount=Money(1), reason=" "), ReasonRequired)):
        with pytest.raises(refusal):
            charge_fee(loan_number=loan.number, fee=fee, by=bank.fang)


def test_the_pages_preview_before_they_ask(browser: Any, bank: Bank, loan: Loan) -> None:
    days_pass(bank, APRIL)
    browser.acts_as(bank.fang)
    fee = {"fee": "legal", "amount": "300.00", "reason": "起诉立案"}
    tried = browser.post(at("charge", loan.number), fee)
    assert "手续费收入" in text_of(tried) and not loan.events.filter(kind="charged").exists()
    assert browser.post(at("charge", loan.number), {**fee, "seen": tried.context["mark"], "_once": "k1"}).status_code == 302
    assert "收费" in text_of(browser.get(at("repay", loan.number)))
    asked = {"item": "interest", "amount": "100.00", "reason": "客户住院"}
    tried = browser.post(at("waiver", loan.number), asked)
    assert "息费减免损失" in text_of(tried) and browser.post(at("waiver", loan.number), {**asked, "amount": "9999"}).status_code == 422
    assert browser.post(at("waiver", loan.number), {**asked, "seen": tried.context["mark"], "_once": "k2"}).status_code == 302
    change = agree(LoanChange.objects.get(), bank.cast.gao)
    assert "利息" in text_of(browser.get(at("change", change.number))) and agrees(loan)
    for name in ("charge", "waiver"):
        assert browser.acts_as(WU).get(at(name, loan.number)).status_code in (403, 404)


def test_the_trail_tells_how_much_was_charged_and_the_loans_track_who_asked(bank: Bank, loan: Loan) -> None:
    days_pass(bank, APRIL)
    charge(bank, loan, 30_000)
    assert AuditEntry.objects.get(verb="servicing.charge_fee").facts["amount"] == "300.00"
    waive(bank, loan, Item.PENALTY, 100)
    asked = LoanChange.objects.get()
    told = [happening.what for happening in case.track_of(loan)]
    assert "贷款变更 · 建立" in told and "贷款变更 · 同意" in told
    assert AuditEntry.objects.filter(subject=asked.subject).exists()
    assert len(case.audit_of(loan)) > AuditEntry.objects.filter(subject=loan.subject).count()
