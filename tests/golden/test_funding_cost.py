"""The cost of funds by hand: the integral of principal over days, priced once; months make the whole, to the fen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chezhe.ledger import chart
from chezhe.servicing.profit.postings import for_funding
from chezhe.servicing.profit.rules import ROWS, band_of, between, cost_of, fen_days, month_ends, profit_of, together

RATE = Decimal("0.034")
PAID_OUT, FIRST_BACK = date(2026, 1, 15), date(2026, 2, 15)
LIFE = [(PAID_OUT, 10_000_000), (FIRST_BACK, -232_143)]


@pytest.mark.parametrize(("to", "days", "cost"), [
    (date(2026, 1, 14), 0, 0), (PAID_OUT, 10_000_000, 932), (date(2026, 1, 31), 170_000_000, 15_836),
    (date(2026, 2, 14), 310_000_000, 28_877), (FIRST_BACK, 319_767_857, 29_787), (date(2026, 2, 28), 446_749_998, 41_615),
])
def test_principal_costs_for_every_evening_it_is_out(to: date, days: int, cost: int) -> None:
    assert fen_days(LIFE, to) == days and cost_of(days, RATE, 365) == cost


def test_a_year_of_a_bullet_costs_its_rate() -> None:
    year = fen_days([(date(2026, 1, 1), 10_000_000)], date(2026, 12, 31))
    assert cost_of(year, RATE, 365) == 340_000 and cost_of(year, RATE, 360) == 344_722


@given(st.lists(st.tuples(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(-10**9, 10**9)), max_size=12),
       st.integers(0, 30))
def test_the_closed_form_is_the_sum_of_the_evenings(life: list[tuple[date, int]], days: int) -> None:
    to = date.fromordinal(date(2027, 12, 1).toordinal() + days)
    first = min((on for on, _fen in life), default=to)
    evenings = (date.fromordinal(day) for day in range(first.toordinal(), to.toordinal() + 1))
    assert fen_days(life, to) == sum(sum(fen for on, fen in life if on <= evening) for evening in evenings)


def test_months_make_the_whole() -> None:
    ends = month_ends(PAID_OUT, date(2029, 1, 31))
    totals = [cost_of(fen_days(LIFE, end), RATE, 365) for end in ends]
    monthly = [now - before for before, now in zip([0, *totals], totals, strict=False)]
    assert len(ends) == 37 and sum(monthly) == totals[-1] and min(monthly) > 0


def test_the_band_of_a_term() -> None:
    assert [band_of(months) for months in (1, 12, 13, 36, 37, 84)] == [
        "FTP_RATE_12", "FTP_RATE_12", "FTP_RATE_36", "FTP_RATE_36", "FTP_RATE_60", "FTP_RATE_60"]


def test_a_statement_adds_up() -> None:
    one = dict(zip(ROWS, (100_000, 300, 5_000, -200, -5_951, -26_082, -150_000, 0, -2_500), strict=True))
    assert profit_of(one) == -79_433 and profit_of(together([one, one])) == 2 * -79_433
    assert profit_of(between(together([one, one]), one)) == profit_of(one)


def test_the_entry_stands_outside_the_balance_sheet_on_two_sides() -> None:
    [moved] = for_funding(26_082, "funding:P01")
    assert {chart.BY_CODE[code].kind for code in (moved.debit, moved.credit)} == {chart.Kind.MEMO} and moved.fen == 26_082
