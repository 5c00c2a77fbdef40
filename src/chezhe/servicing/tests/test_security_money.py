"""Deposit, insurance proceeds and interest subsidy: money that others leave with us or pay for the borrower."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from chezhe.finmath.money import Money
from chezhe.finmath.terms import DayCount, Method, Stub
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, WrongState
from chezhe.kernel.testing import WU
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.servicing.actions.grant_subsidy import grant_subsidy
from chezhe.servicing.actions.record_insurance_proceeds import record_insurance_proceeds
from chezhe.servicing.actions.request_deposit_return import request_deposit_return
from chezhe.servicing.actions.request_deposit_use import request_deposit_use
from chezhe.servicing.actions.request_rate_change import request_rate_change
from chezhe.servicing.actions.request_restructuring import request_restructuring
from chezhe.servicing.actions.take_deposit import take_deposit
from chezhe.servicing.changes import DepositExceeded, DepositUseExceeds
from chezhe.servicing.models import Loan, LoanChange, LoanEvent
from chezhe.servicing.subsidies import SubsidyNothing, SubsidyStands
from chezhe.servicing.tests.deciding import agree, pay_out, risk, take_back
from chezhe.servicing.tests.lending import START, Bank, days_pass, lend, pay, receipt, with_plan
from chezhe.servicing.tests.test_doors import at, text_of
from chezhe.servicing.tests.test_end_of_day import CARS
from chezhe.servicing.tests.test_life import agrees, journal

pytestmark = pytest.mark.django_db

FEBRUARY, APRIL = date(2026, 2, 15), date(2026, 4, 1)


def leave(bank: Bank, loan: Loan, yuan: str, reference: str = "D1") -> LoanEvent:
    given = receipt(yuan, START, reference, kind="deposited")
    return take_deposit(loan_number=loan.number, receipt=given, by=bank.fang)


def use(bank: Bank, loan: Loan, fen: int) -> LoanChange:
    return request_deposit_use(loan_number=loan.number, amount=Money(fen), reason="逾期抵扣", by=bank.fang)


def give_back(bank: Bank, loan: Loan, fen: int) -> LoanChange:
    return request_deposit_return(loan_number=loan.number, amount=Money(fen), reason="结清退还", by=bank.fang)


def test_a_deposit_is_taken_used_for_what_is_owed_and_returned(bank: Bank, loan: Loan) -> None:
    event = leave(bank, loan, "5000.00")
    assert journal(loan).endswith("2026-01-15 deposited\n  Dr bank           5,000.00\n  Cr deposits held  5,000.00")
    assert leave(bank, loan, "5000.00") == event and agrees(loan) and loan.deposit == Money(500_000), "one slip counts once"
    days_pass(bank, FEBRUARY)
    assert agrees(loan) and loan.interest_due == Money(100_000), "no instalment takes it by itself"
    with pytest.raises(DepositUseExceeds):
        use(bank, loan, 332_144)
    agree(use(bank, loan, 332_143), bank.cast.gao)
    assert journal(loan).endswith(
        "2026-02-15 deposit_used\n"
        "  Dr deposits held        3,321.43\n"
        "  Cr interest receivable  1,000.00\n"
        "  Cr principal            2,321.43"
    )
    assert agrees(loan) and loan.deposit == Money(167_857)
    with pytest.raises(DepositExceeded):
        give_back(bank, loan, 167_858)
    change = agree(give_back(bank, loan, 167_857), bank.cast.gao)
    assert journal(loan).endswith("2026-02-15 refunded\n  Dr deposits held    1,678.57\n  Cr refunds payable  1,678.57")
    assert pay_out(bank, change).status == "paid" and agrees(loan) and not loan.deposit
    take_back(bank, event)
    assert agrees(loan) and loan.fee_due == Money(167_857), "a deposit that bounced after it was returned is owed"


def test_cash_of_the_borrower_pays_a_deposit_that_bounced_after_it_was_returned(bank: Bank, loan: Loan) -> None:
    event = leave(bank, loan, "1000.00")
    pay(bank, loan, "300.00", START, "S2")
    agree(give_back(bank, loan, 100_000), bank.cast.gao)
    take_back(bank, event)
    assert agrees(loan) and (loan.fee_due, loan.unapplied) == (Money(70_000), Money(0)), "nobody both owes us and has cash with us"


def test_insurance_pays_what_is_owed_and_the_rest_waits_for_a_decision(bank: Bank, loan: Loan) -> None:
    days_pass(bank, FEBRUARY)
    given = receipt("30000.00", FEBRUARY, "P-1", kind="insured", payer="某财产保险公司")
    event = record_insurance_proceeds(loan_number=loan.number, receipt=given, by=bank.fang)
    assert "2026-02-15 insurance_proceeds\n  Dr bank" in journal(loan) and agrees(loan)
    assert event.kind == "insured" and loan.unapplied == Money(3_000_000 - 332_143)
    take_back(bank, event)
    assert agrees(loan) and not loan.unapplied
    for wrong in ("deposited", "repaid"):
        with pytest.raises(Invalid):
            record_insurance_proceeds(loan_number=loan.number, receipt=receipt("1", FEBRUARY, "P-2", kind=wrong), by=bank.fang)


def subsidise(bank: Bank, loan: Loan, period: int) -> LoanEvent:
    return grant_subsidy(loan_number=loan.number, period=period, by=bank.fang)


def test_ac16_the_treasury_pays_a_point_of_the_interest_of_each_line_once(bank: Bank) -> None:
    loan = lend(bank, with_plan(principal_fen=20_000_000, annual_rate=Decimal("0.036")))
    with pytest.raises(Invalid):
        subsidise(bank, loan, 1)
    days_pass(bank, FEBRUARY)
    assert subsidise(bank, loan, 1).amount == Money(16_667)
    assert journal(loan).endswith(
        "2026-02-15 subsidised\n  Dr subsidy receivable   166.67\n  Cr interest receivable  166.67")
    assert agrees(loan) and loan.interest_due == Money(60_000 - 16_667)
    with pytest.raises(SubsidyStands):
        subsidise(bank, loan, 1)
    pay(bank, loan, "5702.61", FEBRUARY)
    assert agrees(loan) and not loan.principal_due
    days_pass(bank, date(2026, 3, 15))
    pay(bank, loan, "5869.28", date(2026, 3, 15), "S2")
    event = subsidise(bank, loan, 2)
    assert agrees(loan) and loan.unapplied == event.amount == Money(16_228), "the borrower had paid all of it: 194 730.72 × 1 % / 12"
    take_back(bank, event)
    assert agrees(loan) and not loan.unapplied and subsidise(bank, loan, 2).amount == Money(16_228)


def test_a_subsidy_ends_at_half_the_rate_and_with_the_policy(bank: Bank) -> None:
    loan = lend(bank, with_plan(annual_rate=Decimal("0.012"), periods=12))
    days_pass(bank, FEBRUARY)
    assert subsidise(bank, loan, 1).amount == Money(5_000), "0.6 % of 100 000 for a month"
    days_pass(bank, date(2027, 1, 15))
    with pytest.raises(SubsidyNothing):
        subsidise(bank, loan, 12)


def test_a_subsidy_follows_the_line_as_it_ran(bank: Bank) -> None:
    """The days and the rate of its own time, not of a plan or a rate that came later."""
    stub = lend(bank, with_plan(due_day=10, stub=Stub(basis=DayCount.ACT_360)))
    flat = lend(
        bank, with_plan(method=Method.FLAT_EQUAL, annual_rate=None, flat_monthly_rate=Decimal("0.0065")), vin=CARS[0], plate="沪A00001")
    days_pass(bank, FEBRUARY)
    agree(request_rate_change(loan_number=stub.number, annual_rate=Decimal("0.01"), reason="降息", by=bank.fang), risk(bank))
    days_pass(bank, date(2026, 3, 11))
    assert subsidise(bank, stub, 1).amount == Money(7_222), "26 days of 360, as its interest, at a point of twelve"
    for loan in (stub, flat):
        agree(request_restructuring(
            loan_number=loan.number, method=Method.EQUAL_INSTALMENT, annual_rate=Decimal("0.10"), periods=12, reason="失业", by=bank.fang,
        ), bank.cast.gao, risk(bank))
    with pytest.raises(SubsidyNothing):
        subsidise(bank, flat, 1)
    assert agrees(stub) and agrees(flat)


def test_the_pages_and_who_may(browser: Any, bank: Bank, loan: Loan) -> None:
    days_pass(bank, APRIL)
    browser.acts_as(bank.fang)
    slip = {"amount": "5000", "paid_on": "2026-04-01", "channel": "bank", "reference": "B1", "payer": "", "memo": ""}
    for name, filled in (
        ("deposit", slip), ("insurance", {**slip, "reference": "B2"}), ("subsidy", {"period": "1"}),
        ("deposit_use", {"amount": "100", "reason": "逾期抵扣"}), ("deposit_return", {"amount": "100", "account_tail": "", "reason": "退还"}),
    ):
        url = at(name, loan.number)
        assert browser.get(url).status_code == 200
        tried = browser.post(url, filled)
        assert tried.status_code == 200 and "将记的分录" in text_of(tried), name
        assert browser.post(url, {**filled, "seen": tried.context["mark"], "_once": name}).status_code == 302
        assert browser.acts_as(WU).get(url).status_code in (403, 404)
        browser.acts_as(bank.fang)
    assert agrees(loan) and "保证金" in text_of(browser.get(at("loan", loan.number)))
    assert ledger_queries.balance(chart.SUBSIDY_RECEIVABLE, owner=loan.subject) == Money(8_333)
    for outsider in (bank.cast.mei, WU):
        with pytest.raises((NotFound, NotPermitted)):
            use(Bank(bank.cast, outsider, bank.wang), loan, 1)


def test_a_settled_loan_takes_no_deposit(bank: Bank) -> None:
    loan = lend(bank, with_plan(periods=1))
    days_pass(bank, FEBRUARY)
    pay(bank, loan, "101000.00", FEBRUARY)
    with pytest.raises(WrongState):
        leave(bank, loan, "1.00", "D9")
