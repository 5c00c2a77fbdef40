"""Shares in a group's accrual: exact, additive, and within half a fen of what one line says for itself."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from chezhe.finmath import shares
from chezhe.finmath.accrual import AccruingLine, accrued_fen
from chezhe.finmath.shares import share, to_post
from chezhe.finmath.terms import DayCount

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
