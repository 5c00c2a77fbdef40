"""AC-01 … AC-08, AC-15 … AC-17 of the domain's acceptance cases: every plan and rate stated there, to the fen."""

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest

from chezhe.finmath.quote import quote
from chezhe.finmath.terms import (
    DayCount,
    Deposit,
    FeeTerms,
    FeeWhen,
    Method,
    Quote,
    QuoteTerms,
    Step,
    Stub,
    SubsidyTerms,
)

START = date(2026, 1, 15)
BASE = QuoteTerms(
    principal_fen=10_000_000,
    method=Method.EQUAL_INSTALMENT,
    start_date=START,
    annual_rate=Decimal("0.12"),
    periods=36,
)


def fen(yuan: str) -> int:
    """`3 321.43` → 332143."""
    return int((Decimal(yuan.replace(" ", "")) * 100).to_integral_exact())


def percent(rate: Decimal | None) -> str:
    """A rate as a percentage with four decimals."""
    assert rate is not None
    return str((rate * 100).quantize(Decimal("0.0001"), ROUND_HALF_UP))


def line(made: Quote, period: int) -> tuple[int, int, int, int]:
    """Pay, principal, interest, balance of one row."""
    row = made.rows[period - 1]
    return row.total_fen, row.principal_fen, row.interest_fen, row.balance_fen


def annualised(made: Quote) -> tuple[str, str]:
    """Simple and compound, without fees."""
    return percent(made.rates.simple), percent(made.rates.compound)


def all_in(made: Quote) -> tuple[str, str]:
    """Simple and compound with everything."""
    return percent(made.rates.all_in_simple), percent(made.rates.all_in_compound)


@pytest.mark.parametrize(
    ("period", "pay", "principal", "interest", "balance"),
    [
        (1, "3321.43", "2321.43", "1000.00", "97678.57"),
        (2, "3321.43", "2344.64", "976.79", "95333.93"),
        (12, "3321.43", "2589.95", "731.48", "70558.46"),
        (13, "3321.43", "2615.85", "705.58", "67942.61"),
        (35, "3321.43", "3255.98", "65.45", "3288.57"),
        (36, "3321.46", "3288.57", "32.89", "0.00"),
    ],
)
def test_ac01_equal_instalment_lines(period: int, pay: str, principal: str, interest: str, balance: str) -> None:
    assert line(quote(BASE), period) == (fen(pay), fen(principal), fen(interest), fen(balance))


def test_ac01_equal_instalment_totals_and_rates() -> None:
    made = quote(BASE)
    assert made.totals.total_fen == fen("119 571.51")
    assert made.totals.interest_fen == fen("19 571.51")
    assert annualised(made) == ("12.0000", "12.6825")
    assert percent(made.rates.xirr) == "12.6960"


def test_ac01_at_rate_zero() -> None:
    made = quote(replace(BASE, annual_rate=Decimal(0)))
    assert [row.total_fen for row in made.rows] == [fen("2 777.78")] * 35 + [fen("2 777.70")]


def test_ac02_equal_principal() -> None:
    made = quote(replace(BASE, method=Method.EQUAL_PRINCIPAL))
    expected = {1: ("3 777.78", "1 000.00"), 2: ("3 750.00", "972.22"), 35: ("2 833.33", "55.55"), 36: ("2 805.48", "27.78")}
    assert {k: (made.rows[k - 1].total_fen, made.rows[k - 1].interest_fen) for k in expected} == {
        k: (fen(pay), fen(interest)) for k, (pay, interest) in expected.items()
    }
    assert [row.principal_fen for row in made.rows] == [fen("2 777.78")] * 35 + [fen("2 777.70")]
    assert (made.totals.interest_fen, made.totals.total_fen) == (fen("18 499.99"), fen("118 499.99"))


@pytest.mark.parametrize(
    ("day_count", "first_three", "total"),
    [
        (DayCount.THIRTY_360, ("1 000.00", "1 000.00", "1 000.00"), "12 000.00"),
        (DayCount.ACT_360, ("1 033.33", "933.33", "1 033.33"), "12 166.64"),
        (DayCount.ACT_365, ("1 019.18", "920.55", "1 019.18"), "12 000.01"),
    ],
)
def test_ac03_interest_only(day_count: DayCount, first_three: tuple[str, ...], total: str) -> None:
    made = quote(replace(BASE, method=Method.INTEREST_ONLY_BULLET, periods=12, day_count=day_count))
    assert tuple(row.interest_fen for row in made.rows[:3]) == tuple(fen(interest) for interest in first_three)
    assert made.totals.interest_fen == fen(total)
    assert [row.principal_fen for row in made.rows] == [0] * 11 + [10_000_000]


def test_ac03_twelve_per_cent_over_360_days_costs_more() -> None:
    made = quote(replace(BASE, method=Method.INTEREST_ONLY_BULLET, periods=12, day_count=DayCount.ACT_360))
    assert str(percent(made.rates.simple))[:5] == "12.16"
    assert (made.totals.interest_fen / Decimal(10_000_000)).quantize(Decimal("0.0001")) == Decimal("0.1217")


@pytest.mark.parametrize(
    ("day_count", "interest"),
    [(DayCount.THIRTY_360, "4 500.00"), (DayCount.ACT_360, "4 525.00"), (DayCount.ACT_365, "4 463.01")],
)
def test_ac04_bullet(day_count: DayCount, interest: str) -> None:
    made = quote(replace(BASE, method=Method.BULLET, annual_rate=Decimal("0.09"), periods=6, day_count=day_count))
    (row,) = made.rows
    assert (row.due_date, row.interest_fen, row.total_fen) == (date(2026, 7, 15), fen(interest), 10_000_000 + fen(interest))


def flat(monthly_percent: str, periods: int) -> QuoteTerms:
    """100 000 with a flat monthly charge."""
    return replace(
        BASE,
        method=Method.FLAT_EQUAL,
        annual_rate=None,
        flat_monthly_rate=Decimal(monthly_percent) / 100,
        periods=periods,
    )


def test_ac05_flat_equal() -> None:
    made = quote(flat("0.65", 36))
    assert [row.principal_fen for row in made.rows] == [fen("2 777.78")] * 35 + [fen("2 777.70")]
    assert {row.interest_fen for row in made.rows} == {fen("650.00")}
    assert (made.rows[0].total_fen, made.rows[-1].total_fen) == (fen("3 427.78"), fen("3 427.70"))
    assert made.totals.total_fen == fen("123 400.00")
    assert annualised(made) == ("14.2060", "15.1685")


def test_ac05_with_three_per_cent_up_front() -> None:
    fees = (FeeTerms(code="handling", amount_fen=fen("3 000.00"), when=FeeWhen.UPFRONT),)
    made = quote(replace(flat("0.65", 36), fees=fees))
    assert made.totals.net_advance_fen == fen("97 000.00")
    assert all_in(made) == ("16.3658", "17.6510")
    assert annualised(made) == ("14.2060", "15.1685"), "the first four rates leave fees out"


@pytest.mark.parametrize(
    ("monthly", "periods", "simple", "compound"),
    [
        ("0.25", 36, "5.6814", "5.8317"),
        ("0.25", 60, "5.6418", "5.7900"),
        ("0.45", 36, "10.0226", "10.4960"),
        ("0.50", 12, "10.8964", "11.4574"),
        ("0.50", 24, "11.1267", "11.7120"),
        ("0.50", 36, "11.0825", "11.6631"),
        ("0.60", 36, "13.1739", "13.9992"),
        ("0.80", 36, "17.2510", "18.6825"),
        ("1.00", 12, "21.4572", "23.6984"),
        ("1.00", 36, "21.1999", "23.3861"),
    ],
)
def test_ac05_what_a_flat_rate_really_costs(monthly: str, periods: int, simple: str, compound: str) -> None:
    assert annualised(quote(flat(monthly, periods))) == (simple, compound)


@pytest.mark.parametrize(
    ("cap", "periods", "most"),
    [
        ("0.12", 12, "0.5515"),
        ("0.12", 24, "0.5406"),
        ("0.12", 36, "0.5436"),
        ("0.12", 48, "0.5500"),
        ("0.12", 60, "0.5577"),
        ("0.24", 12, "1.1226"),
        ("0.24", 24, "1.1204"),
        ("0.24", 36, "1.1455"),
        ("0.24", 48, "1.1768"),
        ("0.24", 60, "1.2101"),
    ],
)
def test_ac05_the_highest_flat_rate_under_a_cap(cap: str, periods: int, most: str) -> None:
    within = quote(flat(most, periods)).rates.simple
    beyond = quote(flat(str(Decimal(most) + Decimal("0.0001")), periods)).rates.simple
    assert within is not None and beyond is not None
    assert within <= Decimal(cap) < beyond


def test_ac05_a_published_offer_at_one_per_cent_a_year_over_84_months() -> None:
    made = quote(
        replace(
            BASE,
            principal_fen=fen("203 600.00"),
            method=Method.FLAT_EQUAL,
            annual_rate=None,
            flat_annual_rate=Decimal("0.01"),
            periods=84,
        )
    )
    assert made.rows[0].total_fen == fen("2 593.48")
    assert (made.totals.interest_fen, made.totals.total_fen) == (fen("14 252.28"), fen("217 852.28"))
    assert percent(made.rates.simple) == "1.9335"


def test_ac06_balloon() -> None:
    made = quote(replace(BASE, method=Method.BALLOON, balloon_fen=fen("40 000.00")))
    assert line(made, 1) == (fen("2 392.86"), fen("1 392.86"), fen("1 000.00"), fen("98 607.14"))
    assert made.rows[34].balance_fen == fen("41 973.06")
    assert line(made, 36) == (fen("42 392.79"), fen("41 973.06"), fen("419.73"), 0)
    assert made.totals.interest_fen == fen("26 142.89")


def test_ac07_stepped() -> None:
    steps = (Step(from_period=1, factor=Decimal(1)), Step(from_period=13, factor=Decimal("1.2")))
    made = quote(
        replace(BASE, principal_fen=fen("120 000.00"), annual_rate=Decimal("0.09"), method=Method.STEPPED, periods=24, steps=steps)
    )
    pays = [row.total_fen for row in made.rows]
    assert pays == [fen("5 004.17")] * 12 + [fen("6 005.00")] * 11 + [fen("6 005.09")]
    assert made.rows[11].balance_fen == fen("68 666.74")
    assert made.totals.interest_fen == fen("12 110.13")
    assert percent(made.rates.simple) == "9.0000"


STUBBED = replace(BASE, start_date=date(2026, 3, 20), due_day=10, periods=12, stub=Stub(skip_below_days=15))


def test_ac08_the_plan_without_a_stub() -> None:
    made = quote(replace(BASE, periods=12))
    assert line(made, 1)[:2] == (fen("8 884.88"), fen("7 884.88"))
    assert made.rows[-1].total_fen == fen("8 884.85")


def test_ac08_a_short_first_period_pays_interest_for_its_days() -> None:
    made = quote(STUBBED)
    first = made.rows[0]
    assert (first.due_date, first.interest_fen, first.total_fen) == (date(2026, 4, 10), fen("700.00"), fen("8 584.88"))
    assert first.principal_fen == fen("7 884.88")
    assert made.totals.interest_fen == fen("6 318.53")
    assert percent(made.rates.xirr) == "12.6734"
    assert [row.total_fen for row in made.rows[1:]] == [fen("8 884.88")] * 10 + [fen("8 884.85")]


@pytest.mark.parametrize(
    "terms",
    [replace(STUBBED, stub=Stub(skip_below_days=22)), replace(STUBBED, first_due_date=date(2026, 5, 10))],
)
def test_ac08_a_skipped_due_day_makes_a_long_first_period(terms: QuoteTerms) -> None:
    first = quote(terms).rows[0]
    assert (first.due_date, first.interest_fen, first.total_fen) == (date(2026, 5, 10), fen("1 700.00"), fen("9 584.88"))


def test_ac08_month_end_anchor() -> None:
    made = quote(replace(BASE, start_date=date(2026, 1, 31), periods=6))
    assert [row.due_date.strftime("%m-%d") for row in made.rows] == ["02-28", "03-31", "04-30", "05-31", "06-30", "07-31"]


UP_FRONT = FeeTerms(code="handling", amount_fen=fen("1 500.00"), when=FeeWhen.UPFRONT)
GUARANTEE = FeeTerms(code="guarantee", amount_fen=fen("100.00"), when=FeeWhen.MONTHLY)


@pytest.mark.parametrize(
    ("fees", "expected"),
    [
        ((), ("9.0000", "9.3807")),
        ((UP_FRONT,), ("10.0358", "10.5105")),
        ((UP_FRONT, GUARANTEE), ("12.1776", "12.8809")),
        ((GUARANTEE,), ("11.1288", "11.7143")),
    ],
)
def test_ac15_all_in_cost(fees: tuple[FeeTerms, ...], expected: tuple[str, str]) -> None:
    made = quote(replace(BASE, annual_rate=Decimal("0.09"), fees=fees))
    assert made.rows[0].total_fen - made.rows[0].fee_fen == fen("3 179.97")
    assert made.rows[-1].total_fen - made.rows[-1].fee_fen == fen("3 180.11")
    assert all_in(made) == expected
    assert annualised(made) == ("9.0000", "9.3807")


def test_ac16_subsidy() -> None:
    subsidy = SubsidyTerms(rate=Decimal("0.01"), cap_per_year_fen=fen("3 000.00"))
    terms = replace(BASE, principal_fen=fen("200 000.00"), annual_rate=Decimal("0.036"), subsidy=subsidy)
    made = quote(terms)
    assert line(made, 1)[0] == fen("5 869.28") and line(made, 1)[2] == fen("600.00")
    assert made.totals.subsidy_fen == fen("3 137.23")
    openings = [terms.principal_fen, *(row.balance_fen for row in made.rows)]
    lines = subsidy_lines(terms, openings[:36])
    assert lines[0] == fen("166.67")
    assert sum(lines[:12]) == fen("1 707.27")
    assert sum(lines) == fen("3 137.23")


def test_ac16_the_yearly_cap_binds_when_it_is_lower() -> None:
    subsidy = SubsidyTerms(rate=Decimal("0.01"), cap_per_year_fen=fen("1 000.00"))
    terms = replace(BASE, principal_fen=fen("200 000.00"), annual_rate=Decimal("0.036"), subsidy=subsidy)
    # 2026 and 2027 reach the cap; 2028 (lines 24 to 35) and January 2029 do not.
    rows = quote(terms).rows
    openings = [terms.principal_fen, *(row.balance_fen for row in rows)][:36]
    free = subsidy_lines(replace(terms, subsidy=replace(subsidy, cap_per_year_fen=None)), openings)
    assert sum(free[:11]) > fen("1 000.00") and sum(free[11:23]) > fen("1 000.00") > sum(free[23:35])
    assert quote(terms).totals.subsidy_fen == 2 * fen("1 000.00") + sum(free[23:])


def subsidy_lines(terms: QuoteTerms, openings: list[int]) -> list[int]:
    """The subsidy line by line."""
    from chezhe.finmath import plan, subsidy

    assert terms.subsidy is not None
    return subsidy.per_line(terms.subsidy, plan.lay_out(terms).periods, openings)


LEASE = replace(BASE, method=Method.RENT_IN_ADVANCE)


def test_ac17_rent_in_advance() -> None:
    made = quote(LEASE)
    assert line(made, 1)[:3] == (fen("3 288.55"), fen("3 288.55"), 0)
    assert made.rows[0].due_date == START
    assert made.rows[1].interest_fen == fen("967.11")
    assert made.rows[-1].total_fen == fen("3 288.37")


def test_ac17_with_a_deposit_set_off_against_the_last_rent() -> None:
    """Stated as 13.1863 / 14.0132 %: the figure of 36 equal rents of 3 288.55. The plan's own last rent is 3 288.37,
    eighteen fen less, which costs 13.1862 / 14.0131 %."""
    from chezhe.finmath.rates import periodic_rate

    deposit = fen("5 000.00")
    made = quote(replace(LEASE, deposit=Deposit(amount_fen=deposit)))
    assert made.totals.net_advance_fen == fen("95 000.00")
    assert annualised(made) == ("13.1862", "14.0131")
    rent = fen("3 288.55")
    equal = periodic_rate([rent - 10_000_000 + deposit, *[rent] * 34, rent - deposit], 12)
    assert (percent(equal.simple), percent(equal.compound)) == ("13.1863", "14.0132")
