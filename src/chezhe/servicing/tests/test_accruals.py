"""The accrual of the whole house: what the books say was earned and not yet due is what the loans say, to half a fen each."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from chezhe.finmath.accrual import accrued_fen
from chezhe.finmath.terms import DayCount, Method
from chezhe.kernel import business_date
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.servicing import accruals, lives, queries
from chezhe.servicing.models import AccrualBook, AccrualChange, Loan
from chezhe.servicing.position import accruing
from chezhe.servicing.tests.lending import START, TERMS, Bank, days_pass, lend, pay_instalments, prepay, settle, with_plan
from chezhe.servicing.tests.test_life import agrees

pytestmark = pytest.mark.django_db

FLAT = with_plan(
    TERMS, method=Method.FLAT_EQUAL, annual_rate=None, flat_monthly_rate=Decimal("0.0065"),
)
DAILY = with_plan(TERMS, day_count=DayCount.ACT_360, method=Method.INTEREST_ONLY_BULLET, periods=12)


def running_fen() -> int:
    """What the loans themselves say they earned on lines that have not fallen due."""
    total = 0
    for loan in Loan.objects.all():
        position = lives.life_of(loan, business_date.current())[0]
        if position.next_line and not position.is_off_book:
            total += accrued_fen(accruing(position.terms, position.next_line), position.as_of) + position.next_line.earned_fen
    return total


def test_the_accrued_account_holds_what_the_loans_have_earned_on_every_day(bank: Bank, loan: Loan) -> None:
    lend(bank, FLAT, product="P01", vin="LRWYGCEK2RC000004", plate="沪A22222")
    lend(bank, DAILY, vin="LGXCE4CB4P0000003", plate="沪A33333")
    for day in range(1, 75):
        days_pass(bank, START + timedelta(days=day))
        booked = ledger_queries.balance(chart.ACCRUED_INTEREST).fen
        assert abs(booked - running_fen()) <= 2, f"after {day} days"
    assert all(agrees(row) for row in Loan.objects.all())
    assert ledger_queries.trial_balance(business_date.current()).difference.fen == 0


def test_income_is_earned_in_the_month_it_belongs_to(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 2, 1))
    assert ledger_queries.balance(chart.INTEREST_INCOME, on=date(2026, 1, 31)).fen == 53_333, "16 of 30 days of 1,000.00"
    text = ledger_queries.journal_text(owner="accrual:T01")
    assert text.startswith("2026-01-15 accrual T01\n  Dr accrued interest  33.33\n  Cr interest income   33.33\n")


def test_a_settled_loan_leaves_nothing_accrued(bank: Bank, loan: Loan) -> None:
    pay_instalments(bank, loan, 1)
    days_pass(bank, date(2026, 3, 2))
    loan.refresh_from_db()
    settle(bank, loan, str(queries.settlement_quote(loan, date(2026, 3, 2)).to_pay).replace(",", ""))
    days_pass(bank, date(2026, 3, 4))
    assert ledger_queries.balance(chart.ACCRUED_INTEREST).fen == 0 and agrees(loan)


def test_a_prepayment_slows_the_accrual_from_its_day(bank: Bank, loan: Loan) -> None:
    pay_instalments(bank, loan, 1)
    days_pass(bank, date(2026, 3, 2))
    prepay(bank, loan, "40000.00")
    days_pass(bank, date(2026, 3, 12))
    assert abs(ledger_queries.balance(chart.ACCRUED_INTEREST).fen - running_fen()) <= 1


def test_closing_a_closed_day_again_posts_nothing(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 1, 20))
    posted = AccrualBook.objects.get().posted_fen
    assert accruals.close_day(date(2026, 1, 19)) == 0
    assert AccrualBook.objects.get().posted_fen == posted and not AccrualChange.objects.exists()
