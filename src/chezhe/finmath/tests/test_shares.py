"""Shares in a group's accrual: exact, additive, and within half a fen of what one line says for itself."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chezhe.finmath import shares
from chezhe.finmath.accrual import AccruingLine, accrued_fen
from chezhe.finmath.level import rate_units
from chezhe.finmath.shares import share, to_post
from chezhe.finmath.terms import DayCount
from chezhe.finmath.vector_shares import DAY_COUNTS, RunningLines, shares_of

START = date(2026, 1, 31)
HALF = Fraction(1, 2)


@st.composite
def lines(draw: st.DrawFn) -> AccruingLine:
    """A line of a month or so whose interest is what its days give, or flat."""
    start = START + timedelta(days=draw(st.integers(0, 800)))
    due = start + timedelta(days=draw(st.integers(20, 50)))
    balance = draw(st.integers(1, 10**10))
    if draw(st.booleans()):
        return AccruingLine(from_date=start, due_date=due, balance_fen=balance, interest_fen=balance // 100, annual_rate=None)
    basis, rate = draw(st.sampled_from(list(DayCount))), Decimal(draw(st.integers(0, 36_0000))).scaleb(-6)
    whole = AccruingLine(
        from_date=start, due_date=due + timedelta(days=400), balance_fen=balance, interest_fen=10**18, annual_rate=rate, day_count=basis
    )
    return AccruingLine(
        from_date=start, due_date=due, balance_fen=balance, interest_fen=accrued_fen(whole, due), annual_rate=rate, day_count=basis
    )


@given(lines(), st.integers(0, 60), st.integers(0, 10**7))
def test_a_share_is_within_half_a_fen_of_the_lines_own_figure_on_every_day(line: AccruingLine, after: int, before: int) -> None:
    on = min(line.due_date, line.from_date + timedelta(days=after))
    part = share(line, as_of=on, before_fen=before)
    assert abs(part.earned(on) - before - accrued_fen(line, on)) <= HALF


@given(lines(), st.integers(0, 10**7))
def test_the_share_changes_only_on_the_day_it_is_full(line: AccruingLine, before: int) -> None:
    full = shares.full_on(line)
    days = [line.from_date + timedelta(days=k) for k in range((line.due_date - line.from_date).days)]
    parts = {share(line, as_of=day, before_fen=before) for day in days if full is None or day < full}
    assert len(parts) == 1
    if full is not None:
        assert share(line, as_of=full, before_fen=before).earned(line.due_date) == before + line.interest_fen


@given(st.lists(lines(), min_size=1, max_size=8), st.integers(0, 19))
def test_shares_on_one_basis_add_up_to_the_group(found: list[AccruingLine], after: int) -> None:
    on = max(line.from_date for line in found) + timedelta(days=after)
    parts = [share(line, as_of=line.from_date, before_fen=0) for line in found]
    groups: dict[tuple[DayCount, int], list[shares.Share]] = {}
    for part in parts:
        groups.setdefault((part.day_count, part.denominator), []).append(part)
    total = sum(
        (shares.Share(day_count=key[0], denominator=key[1], weight=sum(p.weight for p in group), origin=sum(p.origin for p in group))
         .earned(on) for key, group in groups.items()), Fraction(0),
    )
    assert total == sum((part.earned(on) for part in parts), Fraction(0))


def test_a_month_of_32_days_on_30_360_is_full_when_30_have_earned() -> None:
    line = AccruingLine(
        from_date=date(2026, 2, 28), due_date=date(2026, 3, 31), balance_fen=10_000_000, interest_fen=100_000, annual_rate=Decimal("0.12"),
    )
    assert shares.full_on(line) == date(2026, 3, 28)
    january = AccruingLine(
        from_date=date(2026, 1, 31), due_date=date(2026, 2, 28), balance_fen=10_000_000, interest_fen=100_000, annual_rate=Decimal("0.12"),
    )
    assert shares.full_on(january) is None and share(january, as_of=START, before_fen=0).earned(date(2026, 2, 27)) == 90_000


def test_posting_day_by_day_leaves_less_than_half_a_fen() -> None:
    part = shares.Share(day_count=DayCount.ACT_360, denominator=7, weight=3, origin=3 * shares.day_units(START, DayCount.ACT_360))
    posted = 0
    for day in range(1, 400):
        posted += to_post(part.earned(START + timedelta(days=day)), posted)
        assert abs(part.earned(START + timedelta(days=day)) - posted) <= HALF


def test_a_finished_loan_earns_nothing_more() -> None:
    part = share(None, as_of=START, before_fen=1_957_151)
    assert part.earned(START) == part.earned(date(2030, 1, 1)) == 1_957_151


@given(st.lists(st.tuples(st.none() | lines(), st.integers(0, 10**9)), max_size=8), st.integers(0, 60))
def test_many_side_by_side_have_the_shares_they_have_alone(loans: list[tuple[AccruingLine | None, int]], after: int) -> None:
    on = START + timedelta(days=after)
    columns: list[tuple[int, ...]] = []
    for line, _before in loans:
        is_flat = line is not None and line.annual_rate is None
        columns.append((0,) * 7 if line is None else (
            line.from_date.toordinal(), line.due_date.toordinal(), line.balance_fen, line.interest_fen,
            0 if line.annual_rate is None else rate_units(line.annual_rate), int(is_flat), DAY_COUNTS.index(line.day_count)))
    names = ("from_days", "due_days", "balance_fen", "interest_fen", "rate_units", "is_flat", "day_counts")
    table = np.array(columns, dtype=np.int64).reshape(len(loans), len(names))
    before = np.array([before for _, before in loans], dtype=np.int64)
    found = shares_of(RunningLines(**dict(zip(names, table.T, strict=True))), as_of=on.toordinal(), before_fen=before)
    for at, (line, before_fen) in enumerate(loans):
        part, full = share(line, as_of=on, before_fen=before_fen), shares.full_on(line) if line else None
        kept = (DAY_COUNTS[found.bases[at]], found.denominators[at], found.weights[at], found.origins[at])
        assert kept == (part.day_count, part.denominator, part.weight, part.origin)
        assert found.full_days[at] == (full.toordinal() if full else 0)
