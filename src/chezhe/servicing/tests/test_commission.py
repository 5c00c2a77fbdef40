"""A dealer earns with the payout, owes back what does not last, and is paid by the month by three people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chezhe.channels.models import CommissionPlan
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, worklist
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, ReasonRequired, SamePerson, WrongState
from chezhe.kernel.testing import WU
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.payments import guards
from chezhe.payments.models import Payout
from chezhe.servicing import queries as loan_queries
from chezhe.servicing.actions.activate_loan import activate_loan
from chezhe.servicing.actions.approve_commission import approve_commission
from chezhe.servicing.actions.claw_back_commission import claw_back_commission
from chezhe.servicing.actions.claw_back_defaults import claw_back_defaults
from chezhe.servicing.actions.discard_commission import discard_commission
from chezhe.servicing.actions.draw_up_commission import draw_up_commission
from chezhe.servicing.actions.pay_commission import pay_commission
from chezhe.servicing.actions.record_car_return import record_car_return
from chezhe.servicing.actions.restore_commission import restore_commission
from chezhe.servicing.actions.reverse_commission import reverse_commission
from chezhe.servicing.actions.settle_commission import settle_commission
from chezhe.servicing.commission import queries, rules, statements
from chezhe.servicing.commission.accruing import NothingToClawBack
from chezhe.servicing.commission.models import CommissionLine, CommissionStatement
from chezhe.servicing.models import Loan
from chezhe.servicing.profit.statements import profit_of
from chezhe.servicing.tests.commissioning import (
    AFTER,
    CASE,
    JANUARY,
    account_of,
    answered,
    approved,
    brought,
    drawn,
    heard,
    ordered,
    planned,
    second,
)
from chezhe.servicing.tests.deciding import someone, take_back
from chezhe.servicing.tests.lending import START, Bank, days_pass, lend, pay, settle
from chezhe.servicing.tests.test_life import agrees
from chezhe.servicing.tests.test_repricing import OTHER_CAR

pytestmark = pytest.mark.django_db

FEBRUARY, MARCH = date(2026, 2, 28), date(2026, 3, 31)


@pytest.fixture
def plan(bank: Bank) -> CommissionPlan:
    return planned(bank)


@pytest.fixture
def sold(bank: Bank, plan: CommissionPlan) -> Loan:
    """175 000.00 lent to the dealer's customer."""
    return brought(bank, plan.dealer)


def books(loan: Loan) -> str:
    return ledger_queries.journal_text(owner=f"commission:{loan.number}").strip().replace(f" {loan.number}", "")


def balances(bank: Bank) -> tuple[int, int, int]:
    """Payable to dealers, receivable from them, expense."""
    accounts = (chart.COMMISSION_PAYABLE, chart.CLAWBACK_RECEIVABLE, chart.COMMISSION_EXPENSE)
    return tuple(ledger_queries.balance(code).fen for code in accounts)  # type: ignore[return-value]


def paid_off(bank: Bank, loan: Loan, on: date, reference: str = "J1") -> Any:
    days_pass(bank, on)
    event = settle(bank, loan, str(loan_queries.settlement_quote(Loan.objects.get(pk=loan.pk), on).to_pay), reference)
    heard()
    return event


def test_it_is_accrued_with_the_payout_and_once(bank: Bank, sold: Loan) -> None:
    assert books(sold) == (
        "2026-01-15 commission\n  Dr commission expense         8,750.00\n  Cr dealer commission payable  8,750.00")
    line = CommissionLine.objects.get()
    assert (line.amount, line.rate, line.base, line.on) == (Money(875_000), Decimal("0.05"), Money(17_500_000), START)
    activate_loan(contract_number=sold.contract.number, amount=sold.principal, paid_on=START, by=SYSTEM)
    assert CommissionLine.objects.count() == 1 and agrees(sold), "what the borrower owes knows nothing of it"


def test_without_a_dealer_or_an_agreed_plan_nobody_earns(bank: Bank, plan: CommissionPlan) -> None:
    lend(bank)
    CommissionPlan.objects.update(status="proposed")
    brought(bank, plan.dealer, vin=OTHER_CAR["vin"], plate=OTHER_CAR["plate"])
    assert not CommissionLine.objects.exists() and balances(bank) == (0, 0, 0)


def test_the_plans_maximum_and_the_cap_of_the_day_hold(bank: Bank) -> None:
    plan = planned(bank, amount_max=Money(500_000))
    assert CommissionLine.objects.get(loan=brought(bank, plan.dealer)).amount == Money(500_000)


def test_the_worked_case_goes_back_by_months(bank: Bank, sold: Loan) -> None:
    """Paid off at month 14 of 24: 3 645.83 of 8 750.00."""
    line = claw_back_commission(loan_number=sold.number, settled_on=date(2027, 3, 20), by=SYSTEM)
    assert line is not None and (line.amount, line.held_months) == (Money(-364_583), 14)
    assert claw_back_commission(loan_number=sold.number, settled_on=date(2027, 3, 20), by=SYSTEM) is None, "told twice it books once"
    assert books(sold).endswith("  Dr clawback receivable  3,645.83\n  Cr commission expense   3,645.83")


def test_an_early_payoff_takes_it_back_by_its_own_news_and_a_reversal_gives_it_again(bank: Bank, sold: Loan) -> None:
    event = paid_off(bank, sold, date(2026, 3, 20))
    taken = CommissionLine.objects.get(kind="early_settlement")
    assert (taken.held_months, taken.amount) == (2, Money(-802_083)) and balances(bank) == (875_000, 802_083, 72_917)
    take_back(bank, event)
    heard()
    given = CommissionLine.objects.get(kind="restored")
    assert (given.amount, given.undoes) == (Money(802_083), taken) and balances(bank)[2] == 875_000
    assert restore_commission(loan_number=sold.number, business_date=date(2026, 3, 20), by=SYSTEM) is None
    paid_off(bank, sold, date(2026, 3, 20), "J2")
    assert CommissionLine.objects.filter(kind="early_settlement").count() == 2 and agrees(sold)


def test_a_loan_held_long_enough_or_to_its_end_takes_nothing_back(bank: Bank, sold: Loan) -> None:
    assert claw_back_commission(loan_number=sold.number, settled_on=date(2028, 1, 15), by=SYSTEM) is None
    assert claw_back_commission(loan_number=sold.number, settled_on=sold.matures_on, by=SYSTEM) is None


def test_a_first_instalment_that_is_never_paid_takes_all_back(bank: Bank, sold: Loan, plan: CommissionPlan) -> None:
    good = brought(bank, plan.dealer, vin=OTHER_CAR["vin"], plate=OTHER_CAR["plate"])
    days_pass(bank, date(2026, 2, 15))
    pay(bank, good, "5812.51", date(2026, 2, 15))
    days_pass(bank, date(2026, 3, 18))
    assert claw_back_defaults(day=date(2026, 3, 16), by=SYSTEM) == 0, "29 days"
    assert claw_back_defaults(day=date(2026, 3, 17), by=SYSTEM) == 1 and claw_back_defaults(day=date(2026, 3, 18), by=SYSTEM) == 0
    line = CommissionLine.objects.get(kind="first_default")
    assert (line.loan, line.amount) == (sold, Money(-875_000))


def test_a_returned_car_takes_all_back_once(bank: Bank, sold: Loan) -> None:
    days_pass(bank, AFTER)
    said = {"loan_number": sold.number, "returned_on": AFTER, "reason": "车辆质量问题，退车", "business_date": AFTER}
    for wrong in ({"returned_on": date(2026, 1, 14)}, {"returned_on": date(2026, 2, 4)}):
        with pytest.raises(Invalid):
            record_car_return(**{**said, **wrong}, by=bank.fang)
    with pytest.raises(ReasonRequired):
        record_car_return(**{**said, "reason": " "}, by=bank.fang)
    for nobody in (bank.cast.lin, WU):
        with pytest.raises((NotPermitted, NotFound)):
            record_car_return(**said, by=nobody)
    assert record_car_return(**said, by=bank.fang).amount == Money(-875_000)
    with pytest.raises(NothingToClawBack):
        record_car_return(**said, by=bank.fang)


@given(st.lists(st.integers(-10**9, 10**9).filter(bool)), st.integers(0, 10**9))
def test_a_statement_adds_up_to_the_fen(amounts: list[int], brought_fen: int) -> None:
    told = rules.totals(amounts, brought_fen)
    assert told.payable - told.left == sum(amounts) - brought_fen
    assert min(told.payable, told.left, told.netted) >= 0 and 0 in (told.payable, told.left)


def test_a_month_is_drawn_up_agreed_to_and_paid_by_three_people(bank: Bank, sold: Loan) -> None:
    with pytest.raises(statements.CommissionMonthNotOver):
        draw_up_commission(as_of=JANUARY, by=bank.fang)
    days_pass(bank, AFTER)
    with pytest.raises(Invalid):
        draw_up_commission(as_of=date(2026, 1, 30), by=bank.fang)
    statement = drawn(bank)
    with pytest.raises(statements.NothingToState):
        draw_up_commission(as_of=JANUARY, by=bank.fang)
    assert (statement.accrued, statement.payable, statement.left) == (Money(875_000), Money(875_000), Money(0))
    with pytest.raises(SamePerson):
        approve_commission(statement_number=statement.number, by=bank.fang)
    with pytest.raises(WrongState):
        pay_commission(statement_number=statement.number, by=someone(bank, "付", "funding"))
    with pytest.raises(Invalid):
        approve_commission(statement_number=statement.number, invoice_number="发票一号", by=second(bank))
    approve_commission(statement_number=statement.number, invoice_number="25317000001", by=second(bank))
    with pytest.raises(statements.NoPayeeAccount):
        pay_commission(statement_number=statement.number, by=someone(bank, "付", "funding"))
    account_of(statement.dealer, bank)
    allmighty = replace(second(bank), permissions=second(bank).permissions | {"servicing.pay_commission"})
    with pytest.raises(SamePerson):
        pay_commission(statement_number=statement.number, by=allmighty)
    assert answered(ordered(bank, statement)).status == "paid"
    told = ledger_queries.journal_text(owner=statement.dealer.subject).strip().replace(f" {statement.dealer.number}", "")
    assert told.endswith(
        "commission_paid\n  Dr dealer commission payable  8,750.00\n  Cr funds in transit           8,750.00")
    assert balances(bank) == (0, 0, 875_000) and queries.summary(bank.fang, statement.dealer_id).paid == Money(875_000)
    assert Payout.objects.count() == 1


def test_what_goes_back_is_netted_in_the_next_statement_or_owed(bank: Bank, sold: Loan, plan: CommissionPlan) -> None:
    days_pass(bank, AFTER)
    answered(ordered(bank, approved(bank)))
    record_car_return(loan_number=sold.number, returned_on=AFTER, reason="退车退款", business_date=AFTER, by=bank.fang)
    days_pass(bank, date(2026, 3, 2))
    owing = approved(bank, FEBRUARY)
    assert (owing.status, owing.payable, owing.left) == ("closed", Money(0), Money(875_000)) and not owing.netted
    assert queries.summary(bank.fang, plan.dealer_id).owed == Money(875_000)
    more = brought(bank, plan.dealer, vin=OTHER_CAR["vin"], plate=OTHER_CAR["plate"])
    CommissionLine.objects.filter(loan=more).update(amount=Money(1_000_000))
    days_pass(bank, date(2026, 4, 2))
    third = drawn(bank, MARCH)
    assert (third.accrued, third.brought, third.netted, third.payable, third.left) == tuple(
        Money(fen) for fen in (1_000_000, 875_000, 875_000, 125_000, 0))
    with pytest.raises(statements.LaterStatementStands):
        reverse_commission(statement_number=owing.number, reason="重新结算", by=bank.fang)
    approve_commission(statement_number=third.number, by=second(bank))
    assert balances(bank)[1] == 0 and queries.summary(bank.fang, plan.dealer_id).owed == Money(0)


def test_a_statement_is_put_aside_or_taken_back_and_its_lines_wait(bank: Bank, sold: Loan) -> None:
    days_pass(bank, AFTER)
    record_car_return(loan_number=sold.number, returned_on=JANUARY, reason="退车退款", business_date=AFTER, by=bank.fang)
    first = drawn(bank)
    discard_commission(statement_number=first.number, reason="核对有误", by=bank.fang)
    again = approved(bank)
    assert again.status == "closed" and balances(bank) == (0, 0, 0)
    reverse_commission(statement_number=again.number, reason="核对有误", by=bank.fang)
    assert balances(bank) == (875_000, 875_000, 0)
    assert not CommissionLine.objects.filter(statement__isnull=False).exists()
    assert drawn(bank).netted == Money(875_000)


def test_the_bank_may_refuse_or_send_it_back_and_it_is_paid_once(bank: Bank, sold: Loan) -> None:
    days_pass(bank, AFTER)
    statement = answered(ordered(bank, approved(bank)), "failed", "ACCOUNT_CLOSED")
    assert (statement.status, statement.failure_code) == ("failed", "ACCOUNT_CLOSED")
    stale = statement.reference.partition(":")[2]
    statement = answered(ordered(bank, statement))
    with pytest.raises(NotFound):
        guards.require_let_go(f"commission:{stale}", by=SYSTEM)
    assert (statement.status, statement.attempt, Payout.objects.filter(status="abandoned").count()) == ("paid", 2, 1)
    with pytest.raises(WrongState):
        guards.require_let_go(statement.reference, by=SYSTEM)
    settle_commission(statement_number=statement.number, attempt=1, outcome="failed", on=AFTER, by=SYSTEM)
    settle_commission(statement_number=statement.number, attempt=2, outcome="paid", on=AFTER, by=SYSTEM)
    assert balances(bank)[0] == 0
    statement = answered(statement, "returned", "RETURNED_BY_PAYEE_BANK")
    assert statement.status == "returned" and balances(bank)[0] == 875_000
    assert answered(ordered(bank, statement)).status == "paid" and balances(bank)[0] == 0
    assert Payout.objects.filter(status="paid").count() == 1


def test_money_back_that_is_told_first_waits_for_the_news_that_it_went(bank: Bank, sold: Loan) -> None:
    days_pass(bank, AFTER)
    statement = ordered(bank, approved(bank))
    with pytest.raises(statements.CommissionPaidFirst):
        settle_commission(statement_number=statement.number, attempt=1, outcome="returned", on=AFTER, by=SYSTEM)


def test_it_stands_in_the_loans_profit_and_in_the_piles(bank: Bank, sold: Loan) -> None:
    days_pass(bank, AFTER)
    assert profit_of(Loan.objects.get(pk=sold.pk), START, JANUARY).rows["commission"] == -875_000
    statement = drawn(bank)
    to_approve, to_pay = (worklist.PILES[f"servicing.commission_to_{what}"] for what in ("approve", "pay"))
    payer = someone(bank, "付", "funding")
    assert to_approve.count(second(bank)) == 1 and statement.number in to_approve.first(second(bank), 5)[0].title
    approve_commission(statement_number=statement.number, by=second(bank))
    assert to_pay.count(payer) == 1 and to_approve.count(second(bank)) == 0 and to_pay.count(WU) == 0


def test_another_branch_sees_none_of_it(bank: Bank, sold: Loan) -> None:
    days_pass(bank, AFTER)
    statement = approved(bank)
    for nobody in (bank.cast.mei, WU):
        assert not CommissionLine.objects.visible_to(nobody).exists()
        assert not CommissionStatement.objects.visible_to(nobody).exists()
    west = replace(bank.fang, reach=bank.cast.chen.reach, branch_ids=frozenset([bank.cast.west.pk]))
    with pytest.raises(NotFound):
        reverse_commission(statement_number=statement.number, reason="重新结算", by=west)
    assert business_date.current() == AFTER and CASE.plan.principal_fen == 17_500_000
