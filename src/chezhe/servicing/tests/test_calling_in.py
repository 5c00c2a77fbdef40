"""Loans that are repriced, called in, or given up in the books: statuses, entries, recoveries, and the way back."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from chezhe.finmath.allocation import Item
from chezhe.finmath.money import Money
from chezhe.kernel import business_date
from chezhe.kernel.errors import NotPermitted, WrongState
from chezhe.kernel.testing import WU
from chezhe.ledger import queries as ledger_queries
from chezhe.servicing import proof, queries
from chezhe.servicing.actions.request_acceleration import request_acceleration
from chezhe.servicing.actions.request_rate_change import request_rate_change
from chezhe.servicing.actions.request_waiver import request_waiver
from chezhe.servicing.actions.request_write_off import request_write_off
from chezhe.servicing.changes import NothingToCome, WriteOffTooEarly
from chezhe.servicing.endofday import runs
from chezhe.servicing.models import EndOfDayFailure, Loan, LoanChange
from chezhe.servicing.replans import PlanRefused
from chezhe.servicing.tests.deciding import agree, risk, take_back
from chezhe.servicing.tests.lending import Bank, days_pass, lend, pay, pay_instalments, settle, with_plan
from chezhe.servicing.tests.test_charges import charge
from chezhe.servicing.tests.test_doors import at, text_of
from chezhe.servicing.tests.test_end_of_day import CARS
from chezhe.servicing.tests.test_life import agrees, journal
from chezhe.servicing.tests.test_replanning import restructure

pytestmark = pytest.mark.django_db

APRIL, MAY = date(2026, 4, 1), date(2026, 5, 20)


def call_in(bank: Bank, loan: Loan) -> LoanChange:
    asked = request_acceleration(loan_number=loan.number, reason="连续逾期，车辆去向不明", by=bank.fang)
    return agree(asked, risk(bank))


def write_off(bank: Bank, loan: Loan) -> LoanChange:
    asked = request_write_off(loan_number=loan.number, reason="借款人失联，车辆已处置", by=bank.fang)
    return agree(asked, bank.cast.gao, risk(bank))


def test_another_rate_is_in_the_row_when_the_next_line_begins(bank: Bank, loan: Loan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "FEW", 0)
    for number, vin in enumerate(CARS[:4]):
        lend(bank, with_plan(periods=6), vin=vin, plate=f"沪A{number}{number}{number}{number}{number}")
    pay_instalments(bank, loan, 1)
    days_pass(bank, date(2026, 2, 20))
    asked = request_rate_change(loan_number=loan.number, annual_rate=Decimal("0.09"), reason="LPR 下调", by=bank.fang)
    agree(asked, risk(bank))
    assert agrees(loan) and loan.annual_rate == Decimal("0.09")
    while business_date.current() < date(2026, 4, 2):
        days_pass(bank, business_date.current() + timedelta(days=1))
        assert not list(proof.differences(Loan.objects.order_by("pk"))), business_date.current()
    assert not EndOfDayFailure.objects.exists() and ledger_queries.prove(thorough=True).is_sound
    with pytest.raises(PlanRefused):
        request_rate_change(loan_number=loan.number, annual_rate=Decimal("0.09"), reason="LPR 下调", by=bank.fang)


def test_a_loan_called_in_owes_everything_until_it_is_paid_restructured_or_the_call_is_taken_back(bank: Bank, loan: Loan) -> None:
    days_pass(bank, APRIL)
    change = call_in(bank, loan)
    assert agrees(loan) and (loan.status, loan.next_due_on, loan.principal_due) == ("accelerated", None, Money(10_000_000))
    assert "2026-04-01 accelerated\n  Dr interest receivable" in journal(loan)
    with pytest.raises(WrongState):
        call_in(bank, loan)
    take_back(bank, change.event)
    assert agrees(loan) and loan.status == "active" and loan.next_due_on == date(2026, 4, 15)
    call_in(bank, loan)
    days_pass(bank, MAY)
    assert agrees(loan) and loan.is_off_book and loan.days_past_due(MAY) == 94
    restructure(bank, loan, risk(bank))
    assert agrees(loan) and loan.status == "active" and loan.observed_until is not None
    days_pass(bank, date(2026, 6, 20))
    call_in(bank, loan)
    settle(bank, loan, str(queries.settlement_quote(loan, date(2026, 6, 20)).to_pay))
    assert agrees(loan) and loan.status == "settled"


def test_everything_paid_after_the_call_completes_the_loan(bank: Bank, loan: Loan) -> None:
    days_pass(bank, APRIL)
    call_in(bank, loan)
    owed = queries.current_position(Loan.objects.get(pk=loan.pk), APRIL).due_total_fen
    pay(bank, loan, str(Decimal(owed) / 100), APRIL)
    assert agrees(loan) and loan.status == "settled"
    take_back(bank, loan.events.get(kind="repaid"))
    assert agrees(loan) and loan.status == "accelerated"


def test_a_write_off_needs_two_and_time_and_keeps_the_claim(bank: Bank, loan: Loan) -> None:
    days_pass(bank, APRIL)
    charge(bank, loan, 30_000)
    with pytest.raises(WriteOffTooEarly):
        write_off(bank, loan)
    days_pass(bank, MAY)
    change = write_off(bank, loan)
    assert agrees(loan) and (loan.status, loan.principal_left) == ("written_off", Money(10_000_000))
    assert journal(loan).endswith(
        "2026-05-20 written_off\n"
        "  Dr off-book interest              150.96\n"
        "  Dr provision                  100,300.00\n"
        "  Dr written-off claims         100,300.00\n"
        "  Cr off-book interest contra       150.96\n"
        "  Cr principal                  100,000.00\n"
        "  Cr fee receivable                 300.00\n"
        "  Cr written-off claims contra  100,300.00"
    )
    pay(bank, loan, "20000.00", MAY)
    assert agrees(loan) and "2026-05-20 recovery\n" in journal(loan) and loan.principal_left < Money(10_000_000)
    days_pass(bank, date(2026, 8, 1))
    waived = request_waiver(loan_number=loan.number, item=Item.PENALTY, amount=Money(100), reason="和解", by=bank.fang)
    agree(waived, bank.cast.gao)
    assert agrees(loan)
    take_back(bank, change.event)
    assert agrees(loan) and loan.status == "active"


def test_a_receipt_found_before_a_write_off_makes_it_smaller_and_full_recovery_ends_the_claim(bank: Bank, loan: Loan) -> None:
    days_pass(bank, MAY)
    write_off(bank, loan)
    pay(bank, loan, "3321.43", APRIL, "L1")
    assert agrees(loan) and ledger_queries.balance("7011.01", owner=loan.subject) == loan.principal_left
    owed = queries.current_position(Loan.objects.get(pk=loan.pk), MAY).due_total_fen
    pay(bank, loan, str(Decimal(owed) / 100), MAY, "L2")
    assert agrees(loan) and loan.status == "settled" and not ledger_queries.balance("7011.01", owner=loan.subject)


def test_the_pages_say_what_will_happen(browser: Any, bank: Bank, loan: Loan) -> None:
    days_pass(bank, MAY)
    browser.acts_as(bank.fang)
    for name, filled in (("rate_change", {"annual_rate": "9"}), ("acceleration", {}), ("write_off", {})):
        url, asked = at(name, loan.number), {**filled, "reason": "借款人失联"}
        tried = browser.post(url, asked)
        assert tried.status_code == 200, name
        assert browser.acts_as(WU).get(url).status_code in (403, 404)
        browser.acts_as(bank.fang)
        assert browser.post(url, {**asked, "seen": tried.context["mark"], "_once": name}).status_code == 302
    assert "已核销债权" in text_of(browser.get(at("change", LoanChange.objects.get(kind="write_off").number)))
    with pytest.raises(NotPermitted):
        request_write_off(loan_number=loan.number, reason="失联", by=bank.cast.chen)
    days_pass(bank, date(2026, 5, 21))
    short = lend(bank, with_plan(periods=1), vin=CARS[0], plate="沪B00001")
    days_pass(bank, date(2026, 5, 22))
    with pytest.raises(NothingToCome):
        request_acceleration(loan_number=short.number, reason="失联", by=bank.fang)
