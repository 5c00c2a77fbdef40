"""The fold: days in any steps give the same, every fen has a place, and the worked cases of penalty and order."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chezhe.finmath import schedule
from chezhe.finmath.allocation import AllocationMode, AllocationRule
from chezhe.finmath.penalty import GraceMode, PenaltyRule
from chezhe.finmath.settlement import SettlementRule
from chezhe.finmath.terms import DayCount, Method, QuoteTerms
from chezhe.ledger import chart
from chezhe.servicing import postings
from chezhe.servicing.position import (
    Applied,
    Closed,
    Effect,
    FellDue,
    Incoming,
    Position,
    Terms,
    advance,
    close,
    fold,
    opened,
    payoff,
    receive,
)

START = date(2026, 1, 15)
TERMS = Terms(
    annual_rate=Decimal("0.12"), day_count=DayCount.ACT_360, first_day_count=DayCount.ACT_360,
    penalty=PenaltyRule(annual_rate=Decimal("0.18")), allocation=AllocationRule(),
    settlement=SettlementRule(fee_rate=Decimal("0.03")),
)
OWNER = "loan:L26-000123-7"


def loan(terms: Terms = TERMS, periods: int = 36) -> Position:
    rows = schedule.build(QuoteTerms(
        principal_fen=10_000_000, annual_rate=Decimal("0.12"), method=Method.EQUAL_INSTALMENT, periods=periods, start_date=START,
    ))
    return opened(terms, rows, paid_out_on=START, principal_fen=10_000_000)


def test_nothing_is_owed_before_the_first_due_date() -> None:
    position, effects = advance(loan(), date(2026, 2, 14))
    assert (position.dues, position.principal_fen, effects) == ((), 10_000_000, [])


def test_penalty_and_compound_of_an_instalment_45_days_late() -> None:
    position, _ = advance(loan(), date(2026, 4, 1))
    first = position.dues[0]
    assert (first.penalty_fen, first.compound_fen, first.interest_fen, first.principal_fen) == (5_223, 2_250, 100_000, 232_143)
    assert position.dpd == 45


def test_paying_the_oldest_instalment_moves_the_days_past_due_to_the_next() -> None:
    position, _ = receive(loan(), 400_000, date(2026, 4, 1), chart.BANK)
    assert position.dpd == 17 and position.dues[0].interest_fen == 97_679 - 57_561


def test_by_item_the_loan_stays_as_late_as_its_oldest_instalment() -> None:
    by_item = replace(TERMS, allocation=AllocationRule(mode=AllocationMode.BY_ITEM))
    position, _ = receive(loan(by_item), 400_000, date(2026, 4, 1), chart.BANK)
    assert position.dpd == 45 and position.dues[0].principal_fen == 232_143 - 192_025


def test_an_instalment_cleared_within_its_grace_never_costs_penalty() -> None:
    grace = replace(TERMS, penalty=PenaltyRule(annual_rate=Decimal("0.18"), grace_days=3, grace_mode=GraceMode.RETROACTIVE))
    position, _ = receive(loan(grace), 332_143, date(2026, 2, 18), chart.BANK)
    later, _ = advance(position, date(2026, 3, 10))
    assert later.due_total_fen == 0


def test_too_much_money_waits_and_pays_the_next_instalment_when_it_falls_due() -> None:
    position, effects = receive(loan(), 500_000, date(2026, 2, 15), chart.BANK)
    assert position.unapplied_fen == 500_000 - 332_143
    later, effects = advance(position, date(2026, 3, 15))
    assert isinstance(effects[0], FellDue) and isinstance(effects[1], Applied)
    assert later.unapplied_fen == 0 and later.due_total_fen == 332_143 - (500_000 - 332_143)


def test_the_payoff_of_the_worked_case() -> None:
    position = loan()
    day = START
    for _ in range(12):
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=15)
        position, _ = receive(position, 332_143, day, chart.BANK)
    figure = payoff(position, date(2027, 1, 25))
    assert (figure.principal_fen, figure.interest_fen, figure.early_settlement_fee_fen) == (7_055_846, 23_519, 211_675)
    closed, effects = close(position, figure.total_fen, date(2027, 1, 25), chart.BANK)
    assert figure.total_fen == 7_291_040 and closed.principal_fen == 0 and isinstance(effects[-1], Closed)


def booked(effects: list[Effect]) -> dict[str, int]:
    return postings.balances(row for effect in effects for row in postings.for_effect(effect, OWNER))


payments = st.lists(st.tuples(st.integers(0, 500), st.integers(1, 900_000)), max_size=12)


@settings(max_examples=60)
@given(payments, st.integers(1, 24))
def test_the_ledger_says_what_the_position_says(plan: list[tuple[int, int]], periods: int) -> None:
    position, effects = loan(periods=periods), []
    for offset, amount in sorted(plan):
        position, more = receive(position, amount, START + timedelta(days=offset), chart.BANK)
        effects += more
    position, more = advance(position, START + timedelta(days=800))
    balances = booked(effects + more)
    on_book, off_book = (balances.get(code, 0) for code in (chart.INTEREST_RECEIVABLE, chart.OFF_BOOK_INTEREST))
    assert (on_book, off_book)[position.is_off_book] == on_book + off_book == position.interest_due_fen
    assert -balances.get(chart.ACCRUED_INTEREST, 0) == position.accrued_out_fen
    assert 10_000_000 + balances.get(chart.LOAN_PRINCIPAL, 0) == position.principal_fen
    assert -balances.get(chart.UNAPPLIED_CASH, 0) == position.unapplied_fen
    assert balances.get(chart.BANK, 0) == sum(amount for _, amount in plan)


@settings(max_examples=40)
@given(st.integers(0, 300), st.integers(0, 900_000))
def test_settling_early_leaves_nothing_anywhere(offset: int, paid_before: int) -> None:
    position, effects = receive(loan(), paid_before, START + timedelta(days=offset // 2), chart.BANK)
    on = START + timedelta(days=offset)
    ready, _ = advance(position, on)
    asked = payoff(position, on).total_fen
    closed, more = close(position, asked - min(asked, ready.unapplied_fen), on, chart.BANK)
    balances = booked(effects + more)
    assert closed.principal_fen == 0 and 10_000_000 + balances.get(chart.LOAN_PRINCIPAL, 0) == 0
    assert balances.get(chart.INTEREST_RECEIVABLE, 0) == 0 and -balances.get(chart.UNAPPLIED_CASH, 0) == closed.unapplied_fen


@settings(max_examples=40)
@given(st.lists(st.integers(0, 500), max_size=10), st.integers(0, 400_000))
def test_any_steps_of_days_give_the_same(stops: list[int], amount: int) -> None:
    end = START + timedelta(days=600)
    straight, _ = receive(loan(), amount, START + timedelta(days=100), chart.BANK)
    straight, _ = advance(straight, end)
    stepped = loan()
    for stop in sorted({*stops, 100, 600}):
        day = START + timedelta(days=stop)
        stepped, _ = receive(stepped, amount, day, chart.BANK) if stop == 100 else advance(stepped, day)
    assert stepped == straight


@settings(max_examples=40)
@given(payments, st.tuples(st.integers(0, 500), st.integers(1, 900_000)))
def test_a_receipt_found_late_is_replayed_and_only_the_difference_is_booked(plan, late) -> None:  # type: ignore[no-untyped-def]
    end = START + timedelta(days=600)
    known = [Incoming(on=START + timedelta(days=offset), source=chart.BANK, amount_fen=amount) for offset, amount in plan]
    found = Incoming(on=START + timedelta(days=late[0]), source=chart.SUSPENSE, amount_fen=late[1])
    _, before = fold(loan(), known, end)
    position, after = fold(loan(), [*known, found], end)
    rows = postings.difference(booked(before), booked(after), OWNER)
    actual = postings.balances([*(row for e in before for row in postings.for_effect(e, OWNER)), *rows])
    assert actual == booked(after)
    assert sum(row.fen for row in rows if row.debit == chart.SUSPENSE) - sum(
        row.fen for row in rows if row.credit == chart.SUSPENSE) == late[1]
    assert 10_000_000 + actual.get(chart.LOAN_PRINCIPAL, 0) == position.principal_fen
