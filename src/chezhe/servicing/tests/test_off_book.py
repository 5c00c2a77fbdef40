"""Loans that are late for too long: interest leaves the books, and comes back only when all arrears are paid."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chezhe.finmath.money import Money
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.position import Aged, Incoming, WentOffBook, advance, fold, receive
from chezhe.servicing.tests.lending import Bank, days_pass, pay
from chezhe.servicing.tests.test_life import agrees, journal
from chezhe.servicing.tests.test_position import START
from chezhe.servicing.tests.test_position import loan as opened_loan

DUE = date(2026, 2, 15)
NIGHT_91 = DUE + timedelta(days=91)  # 17 May


@pytest.mark.django_db
def test_interest_leaves_the_books_in_the_night_of_the_91st_day(bank: Bank, loan: Loan) -> None:
    days_pass(bank, NIGHT_91)
    loan.refresh_from_db()
    assert loan.days_past_due(NIGHT_91) == 91 and not loan.is_off_book, "a payment on that day would still prevent it"
    days_pass(bank, NIGHT_91 + timedelta(days=1))
    assert journal(loan).endswith(
        "2026-05-17 off_book\n"
        "  Dr interest income           3,859.79\n"
        "  Dr off-book interest         3,859.79\n"
        "  Cr interest receivable       3,859.79\n"
        "  Cr off-book interest contra  3,859.79"
    )
    loan.refresh_from_db()
    assert loan.is_off_book and ledger_queries.balance(chart.INTEREST_RECEIVABLE, loan.subject) == Money(0)
    assert ledger_queries.balance(chart.OFF_BOOK_INTEREST, loan.subject) == loan.interest_due
    assert LoanEvent.objects.filter(kind="off_book", value_on=NIGHT_91).count() == 1 and agrees(loan)


@pytest.mark.django_db
def test_what_falls_due_off_the_books_stays_outside_and_money_for_it_is_income(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 6, 20))
    before = ledger_queries.balance(chart.INTEREST_INCOME, loan.subject)
    pay(bank, loan, "5000.00", date(2026, 6, 20))
    loan.refresh_from_db()
    assert loan.is_off_book, "part of the arrears does not bring a loan back"
    assert ledger_queries.balance(chart.OFF_BOOK_INTEREST, loan.subject) == loan.interest_due
    paid = ledger_queries.balance(chart.INTEREST_INCOME, loan.subject) - before
    assert paid.fen > 0 and agrees(loan)


@pytest.mark.django_db
def test_a_loan_without_arrears_is_back_on_the_books(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 6, 20))
    pay(bank, loan, "20000.00", date(2026, 6, 20))
    loan.refresh_from_db()
    assert not loan.is_off_book and not loan.oldest_due_on and loan.unapplied.fen > 0
    assert ledger_queries.balance(chart.OFF_BOOK_INTEREST, loan.subject) == Money(0) and agrees(loan)
    days_pass(bank, date(2026, 7, 16))
    assert agrees(loan)


@pytest.mark.django_db
def test_money_found_late_that_would_have_prevented_it_is_replayed(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 5, 25))
    loan.refresh_from_db()
    assert loan.is_off_book
    pay(bank, loan, "3500.00", date(2026, 5, 10))
    loan.refresh_from_db()
    assert not loan.is_off_book and "replay" in journal(loan) and agrees(loan)
    assert ledger_queries.balance(chart.OFF_BOOK_INTEREST, loan.subject) == Money(0)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 900_000)), max_size=5), st.lists(st.integers(0, 600), max_size=8))
def test_night_by_night_is_the_same_as_in_one_step(payments: list[tuple[int, int]], stops: list[int]) -> None:
    came = [Incoming(on=START + timedelta(days=day), source=chart.BANK, amount_fen=fen) for day, fen in sorted(payments)]
    last = START + timedelta(days=600)
    whole = fold(opened_loan(), came, last)
    position, effects = opened_loan(), []
    for day in [*(START + timedelta(days=stop) for stop in sorted(stops)), last]:
        while came and came[0].on <= day:
            position, more = receive(position, came[0].amount_fen, came[0].on, came[0].source)
            effects, came = [*effects, *more], came[1:]
        position, more = advance(position, day)
        effects = [*effects, *more]
    assert (position, effects) == whole


def test_every_mark_is_passed_once() -> None:
    _position, effects = advance(opened_loan(), START + timedelta(days=420))
    assert [effect.dpd for effect in effects if isinstance(effect, Aged)] == [1, 31, 61, 91, 121, 151, 181, 271, 361]
    off = [effect for effect in effects if isinstance(effect, WentOffBook)]
    assert [effect.on for effect in off] == [NIGHT_91]
