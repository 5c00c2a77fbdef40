"""Accrual, penalty, allocation and settlement over arrays: the single figures, and those of the slow twin, to the fen."""

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chezhe.finmath import accrual, allocation, ecl, level, penalty, restructure, settlement, vector, vector_life
from chezhe.finmath.accrual import AccruingLine
from chezhe.finmath.allocation import COST_FIRST, PRINCIPAL_FIRST, AllocationMode, AllocationRule, Due, Item
from chezhe.finmath.penalty import GraceMode, OverdueStretch, PenaltyBase, PenaltyRule
from chezhe.finmath.settlement import FlatCharges, SettlementRule
from chezhe.finmath.terms import DayCount
from chezhe.finmath.tests import oracle_life, strategies
from chezhe.finmath.vector_life import Lines, Stretches

START = date(2027, 12, 20)
amounts = st.one_of(st.integers(0, 10**6), st.integers(0, 10**13))
days_on = st.integers(0, 800).map(lambda n: date.fromordinal(START.toordinal() + n))


@st.composite
def running_lines(draw: st.DrawFn, day_count: DayCount) -> AccruingLine:
    """A line that may be flat, and may have less interest than its days would earn."""
    start = draw(days_on)
    due = date.fromordinal(start.toordinal() + draw(st.integers(1, 400)))
    balance, rate = draw(amounts), draw(st.none() | strategies.rates)
    full = balance // 100 if rate is None else oracle_life.interest(balance, rate, start, due, day_count)
    whole = max(0, full - draw(st.integers(0, 2)))
    return AccruingLine(from_date=start, due_date=due, balance_fen=balance, interest_fen=whole, annual_rate=rate, day_count=day_count)


def columns_of(lines: list[AccruingLine | None], day_count: DayCount) -> Lines:
    """Running lines as columns; None for a loan without one."""

    def column(value: Callable[[AccruingLine], int]) -> Any:
        return np.array([value(line) if line else 0 for line in lines], dtype=np.int64)

    return Lines(
        from_days=column(lambda line: line.from_date.toordinal()), due_days=column(lambda line: line.due_date.toordinal()),
        balance_fen=column(lambda line: line.balance_fen), interest_fen=column(lambda line: line.interest_fen),
        rate_units=column(lambda line: level.rate_units(line.annual_rate or Decimal(0))),
        is_flat=column(lambda line: int(line.annual_rate is None)), day_count=day_count,
    )  # fmt: skip


def ordinals(days: list[date]) -> Any:
    """Dates as day numbers."""
    return np.array([day.toordinal() for day in days])


@settings(max_examples=100)
@given(data=st.data(), day_count=st.sampled_from(DayCount))
def test_array_accrual_of_lines_is_the_single_one_and_the_slow_one(data: st.DataObject, day_count: DayCount) -> None:
    lines: list[AccruingLine | None] = list(data.draw(st.lists(running_lines(day_count), min_size=1, max_size=5)))
    on = data.draw(st.lists(days_on, min_size=len(lines), max_size=len(lines)))
    found = vector_life.accrued(columns_of(lines, day_count), ordinals(on))
    for line, day, fen in zip(lines, on, found.tolist(), strict=True):
        assert line is not None
        slow = oracle_life.accrued(
            line.from_date, line.due_date, line.balance_fen, line.interest_fen, line.annual_rate, day_count, day
        )
        assert accrual.accrued_fen(line, day) == fen == slow


rules = st.builds(
    PenaltyRule,
    annual_rate=strategies.rates,
    day_count=st.sampled_from(DayCount),
    grace_days=st.integers(0, 20),
    grace_mode=st.sampled_from(GraceMode),
    base=st.sampled_from(PenaltyBase),
    compounds=st.booleans(),
)


@st.composite
def overdue(draw: st.DrawFn) -> tuple[date, date, list[OverdueStretch]]:
    """Due day, day looked at (maybe before it), and stretches after one another, perhaps with a gap or past that day."""
    due = draw(days_on)
    stops = sorted(draw(st.lists(st.integers(0, 120), min_size=2, max_size=5)))
    edges = [date.fromordinal(due.toordinal() + stop) for stop in stops]
    made = [
        OverdueStretch(from_date=a, to_date=b, principal_fen=draw(amounts), interest_fen=draw(amounts))
        for a, b in zip(edges, edges[1:], strict=False)
    ]
    return due, date.fromordinal(due.toordinal() + draw(st.integers(-5, 130))), made


@settings(max_examples=150)
@given(rule=rules, loans=st.lists(overdue(), min_size=1, max_size=4))
def test_array_penalty_is_the_single_one_and_the_slow_one(rule: PenaltyRule, loans: list[tuple[date, date, list[OverdueStretch]]]) -> None:
    """Every grace, every base, with and without compound interest, on every day count."""
    width = max(len(stretches) for _, _, stretches in loans)
    tables = np.zeros((4, len(loans), width), dtype=np.int64)
    for row, (_, _, stretches) in enumerate(loans):
        for k, stretch in enumerate(stretches):
            dates = stretch.from_date.toordinal(), stretch.to_date.toordinal()
            tables[:, row, k] = (*dates, stretch.principal_fen, stretch.interest_fen)
    listed = Stretches(
        from_days=tables[0], to_days=tables[1], principal_fen=tables[2], interest_fen=tables[3],
        counts=np.array([len(stretches) for _, _, stretches in loans]),
    )  # fmt: skip
    made = vector_life.charges_over(rule, ordinals([due for due, _, _ in loans]), ordinals([on for _, on, _ in loans]), listed)
    for row, (due, on, stretches) in enumerate(loans):
        single = penalty.charge_over(rule, due, on, stretches)
        found = made.days[row], made.penalty_fen[row], made.compound_fen[row]
        assert (single.days, single.penalty_fen, single.compound_fen) == found == oracle_life.charge(rule, due, on, stretches)


@settings(max_examples=60)
@given(rule=rules, loans=st.lists(st.tuples(days_on, st.integers(-3, 90), amounts, amounts, strategies.rates), min_size=1, max_size=4))
def test_array_penalty_of_constant_amounts_takes_each_loans_own_rate(
    rule: PenaltyRule, loans: list[tuple[date, int, int, int, Decimal]]
) -> None:
    due = ordinals([loan[0] for loan in loans])
    on = due + np.array([loan[1] for loan in loans])
    principal, interest = (np.array([loan[k] for loan in loans]) for k in (2, 3))
    units = np.array([level.rate_units(loan[4]) for loan in loans])
    made = vector_life.charges(rule, due, on, principal_fen=principal, interest_fen=interest, rates=units)
    for row, loan in enumerate(loans):
        own = PenaltyRule(
            annual_rate=loan[4], day_count=rule.day_count, grace_days=rule.grace_days, grace_mode=rule.grace_mode, base=rule.base,
            compounds=rule.compounds,
        )  # fmt: skip
        single = penalty.charge(own, loan[0], date.fromordinal(int(on[row])), principal_fen=loan[2], interest_fen=loan[3])
        assert (single.days, single.penalty_fen, single.compound_fen) == (made.days[row], made.penalty_fen[row], made.compound_fen[row])


@given(st.lists(strategies.rates, min_size=1, max_size=5), st.integers(0, 10**10).map(lambda n: Decimal(n).scaleb(-8)))
def test_array_penalty_rates_are_the_single_ones(rates: list[Decimal], multiple: Decimal) -> None:
    found = vector_life.penalty_rates(np.array([level.rate_units(rate) for rate in rates]), multiple)
    singles = [penalty.penalty_rate(rate, multiple) for rate in rates]
    assert found.tolist() == [level.rate_units(rate) for rate in singles]
    assert singles == [(rate * multiple).quantize(Decimal("1e-10"), ROUND_HALF_UP) for rate in rates]


items = st.fixed_dictionaries({item: st.one_of(st.just(0), amounts) for item in Item})
allocation_rules = st.builds(
    lambda order, mode, late: AllocationRule(
        order=tuple(order), mode=mode, late_order=PRINCIPAL_FIRST if late else None, late_after_days=90 if late else None
    ),
    st.sampled_from([COST_FIRST, PRINCIPAL_FIRST]) | st.permutations(list(Item)),
    st.sampled_from(AllocationMode),
    st.booleans(),
)


def due_of(at: int, owed: dict[Item, int]) -> Due:
    """The instalment of one month."""
    return Due(period=at + 1, due_date=date(2026, 1 + at, 15), **{f"{item.value}_fen": fen for item, fen in owed.items()})


def table_of(loans: list[list[dict[Item, int]]], width: int) -> Any:
    """Loans × instalments × items."""
    table = np.zeros((len(loans), width, len(Item)), dtype=np.int64)
    for row, dues in enumerate(loans):
        for at, owed in enumerate(dues):
            table[row, at] = [owed[item] for item in Item]
    return table


@settings(max_examples=150)
@given(
    rule=allocation_rules,
    loans=st.lists(
        st.tuples(st.lists(items, max_size=4), amounts, st.sampled_from([0, 1, 89, 90, 91, 400])), min_size=1, max_size=6
    ),
)
def test_array_allocation_turns_each_loan_to_its_own_order(
    rule: AllocationRule, loans: list[tuple[list[dict[Item, int]], int, int]]
) -> None:
    """Loans before and after the ninetieth day in one call."""
    dues = table_of([owed for owed, _, _ in loans], 4)
    paid, left_over = vector.allocate(rule, dues, np.array([a for _, a, _ in loans]), dpd=np.array([d for _, _, d in loans]))
    for row, (owed, amount, dpd) in enumerate(loans):
        single = allocation.allocate(rule, [due_of(at, due) for at, due in enumerate(owed)], amount, dpd=dpd)
        slow, left = oracle_life.allocated(rule, owed, amount, dpd)
        assert single.unapplied_fen == left_over[row] == left
        wanted = [[part[item] for item in Item] for part in slow]
        assert [[due.item_fen(item) for item in Item] for due in single.paid] == wanted == paid[row, : len(owed)].tolist()


def test_array_allocation_refuses_what_it_cannot_read() -> None:
    for dues, amount in ((np.zeros((1, 1, 4), dtype=np.int64), 5), (np.zeros((1, 1, 5), dtype=np.int64), -1)):
        with pytest.raises(ValueError):
            vector.allocate(AllocationRule(), dues, np.array([amount]), dpd=0)


@settings(max_examples=100)
@given(
    data=st.data(),
    day_count=st.sampled_from(DayCount),
    rule=st.builds(SettlementRule, fee_rate=strategies.rates | st.just(Decimal("0.0123456789012345678901")), flat_charges=st.sampled_from(FlatCharges)),
)
def test_array_settlement_is_the_single_one_and_the_slow_one(data: st.DataObject, day_count: DayCount, rule: SettlementRule) -> None:
    loans = data.draw(
        st.lists(st.tuples(st.none() | running_lines(day_count), st.lists(items, max_size=3), days_on, amounts), min_size=1, max_size=4)
    )
    made = vector_life.settle(
        rule, ordinals([on for _, _, on, _ in loans]), overdue_fen=table_of([owed for _, owed, _, _ in loans], 3),
        lines=columns_of([line for line, _, _, _ in loans], day_count), later_flat_fen=np.array([later for *_, later in loans]),
    )  # fmt: skip
    for row, (line, owed, on, later) in enumerate(loans):
        single = settlement.settle(rule, on, overdue=[due_of(at, due) for at, due in enumerate(owed)], line=line, later_flat_fen=later)
        running, kept = 0, None
        if line is not None:
            numbers = line.from_date, line.due_date, line.balance_fen, line.interest_fen, line.annual_rate
            running, kept = oracle_life.accrued(*numbers, day_count, on), line.interest_fen + later if line.annual_rate is None else None
        slow = oracle_life.payoff(rule, owed, line.balance_fen if line else 0, running, kept)
        for name, fen in slow.items():
            assert getattr(single, name) == getattr(made, name)[row] == fen, name


def test_array_settlement_needs_a_column_per_item() -> None:
    with pytest.raises(ValueError):
        vector_life.settle(SettlementRule(), 740_000, overdue_fen=np.zeros((1, 1, 4), dtype=np.int64), lines=columns_of([None], DayCount.ACT_360))


def test_array_extensions_and_payoffs_have_their_limits() -> None:
    limits = restructure.ExtensionLimits(short_months=12, medium_months=60, long_extension_months=36)
    months = np.arange(1, 100)
    longest = [restructure.longest_extension(limits, month) for month in months.tolist()]
    assert vector_life.longest_extensions(limits, months).tolist() == longest
    assert longest == [m if m <= 12 else m // 2 if m <= 60 else 36 for m in range(1, 100)]
    assert vector_life.refinances(np.array([100, 100, 100, 100]), np.array([60, 100, 101, 0])).tolist() == [40, 0, -1, -1]


shares = st.integers(0, 10**10)


@settings(max_examples=60)
@given(st.lists(st.tuples(amounts, shares, shares, shares | st.just(10**10)), min_size=1, max_size=5))
def test_array_loss_allowances_are_the_single_ones(loans: list[tuple[int, int, int, int]]) -> None:
    found = vector_life.expected_losses(*(np.array(column) for column in zip(*loans, strict=True)))
    for (exposure, *units), fen in zip(loans, found.tolist(), strict=True):
        assert ecl.expected_loss_fen(exposure, *(Decimal(unit).scaleb(-10) for unit in units)) == fen
        slow = (2 * exposure * units[0] * units[1] * units[2] + 10**30) // (2 * 10**30)
        assert fen == slow
    with pytest.raises(ValueError):
        vector_life.expected_losses(np.array([1]), 10**10 + 1, 0)


def test_an_answer_beyond_64_bits_is_refused_loudly() -> None:
    lines = Lines(
        from_days=740_000, due_days=740_400, balance_fen=np.array([2**62]), interest_fen=np.array([2**62]), rate_units=9 * 10**10
    )
    assert vector_life.accrued(lines, 740_010).tolist() == [2**62 * 9 * 10 // 360]
    with pytest.raises(OverflowError):
        vector_life.settle(SettlementRule(fee_rate=Decimal(2)), 740_010, overdue_fen=np.zeros((1, 0, 5), dtype=np.int64), lines=lines)
