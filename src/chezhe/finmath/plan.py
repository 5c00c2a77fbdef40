"""From terms to a plan: due dates, exact period factors and the level instalment, before any line is filled."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import gcd

from chezhe.finmath import checks, days, kernels, level
from chezhe.finmath.days import Period
from chezhe.finmath.level import RATE_SCALE, Factors
from chezhe.finmath.terms import DayCount, Method, QuoteTerms, Step, Stub, StubLevel, TermsError

LEVEL_METHODS = frozenset({Method.EQUAL_INSTALMENT, Method.BALLOON, Method.STEPPED, Method.RENT_IN_ADVANCE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything the fill kernels need for one loan.

    `periods[k]` ends on line k's due date. `stub_index` is the line whose principal keeps a whole month's share
    (−1: none). `instalment_fen` is the base instalment of a level method, else 0. `flat` is the monthly flat rate
    as (numerator, denominator). `first_gap` is the time from start to the first month-spaced due date, in months.
    """

    method: Method
    principal_fen: int
    periods: tuple[Period, ...]
    factors: Factors
    stub_index: int
    weights: tuple[int, ...]
    weight_scale: int
    instalment_fen: int
    flat: tuple[int, int]
    first_gap: Fraction

    def ledger_numerators(self) -> tuple[int, ...]:
        """The factors by which the instalment divides: an irregular first period counts as a whole month there."""
        return _whole_at(self.factors, self.stub_index)


def lay_out(terms: QuoteTerms) -> Plan:
    """The plan of valid terms; raises TermsError (see `checks`, and instalments that never repay)."""
    checks.check(terms)
    count = terms.periods or checks.PERIODS_MAX
    periods = periods_of(terms, count)
    factors = level.factors(terms.annual_rate or level.NO_RATE, [(p.units, p.base) for p in periods])
    full_periods = has_full_period_level(terms.stub, terms.day_count)
    stub_index = _stub_index(terms, periods) if full_periods else -1
    weights, weight_scale = step_weights(terms.steps, count)
    instalment = 0
    if terms.instalment_fen is not None:
        instalment = terms.instalment_fen
        count = _lines_needed(terms, factors, stub_index, count)
    elif terms.method in LEVEL_METHODS:
        numerators = _full_numerators(terms, factors, count) if full_periods else factors.numerators
        instalment = level.level_instalment(
            terms.principal_fen, numerators, factors.denominator, weights, weight_scale, terms.balloon_fen or 0
        )
    return Plan(
        method=terms.method,
        principal_fen=terms.principal_fen,
        periods=tuple(periods[:count]),
        factors=Factors(factors.numerators[:count], factors.denominator, factors.month),
        stub_index=stub_index,
        weights=weights[:count],
        weight_scale=weight_scale,
        instalment_fen=instalment,
        flat=_flat(terms),
        first_gap=_first_gap(terms, periods),
    )


def periods_of(terms: QuoteTerms, count: int) -> list[Period]:
    """The interest periods, one a line; a rent in advance begins with an empty one on the start date."""
    start = terms.start_date
    basis = terms.stub.basis if terms.stub else None
    if terms.method is not Method.RENT_IN_ADVANCE:
        first_due, anchor = first_due_of(terms)
        dues = days.due_dates(first_due, anchor, count)
        return days.periods_between(start, dues, anchor, terms.day_count, basis)
    empty = days.period(start, start, terms.day_count, is_whole=False)
    if count == 1:
        return [empty]
    second_due, anchor = _due_after_start(terms)
    dues = days.due_dates(second_due, anchor, count - 1)
    return [empty, *days.periods_between(start, dues, anchor, terms.day_count, basis)]


def has_full_period_level(stub: Stub | None, day_count: DayCount) -> bool:
    """Whether the instalment is solved on whole months. 30/360 does so unless told otherwise; an actual day count
    is solved on the actual periods unless the stub rule says `full_periods`."""
    if stub is not None and stub.level is not None:
        return stub.level is StubLevel.FULL_PERIODS
    return day_count is DayCount.THIRTY_360


def step_weights(steps: tuple[Step, ...], count: int) -> tuple[tuple[int, ...], int]:
    """Each line's multiple of the base instalment as whole numbers over one scale; all 1 without steps."""
    if not steps:
        return (1,) * count, 1
    units = [level.rate_units(step.factor) for step in steps]
    shared = gcd(RATE_SCALE, *units)
    weights = [0] * count
    for step, unit in zip(steps, units, strict=True):
        weights[step.from_period - 1 :] = [unit // shared] * (count - step.from_period + 1)
    return tuple(weights), RATE_SCALE // shared


def first_due_of(terms: QuoteTerms) -> tuple[date, int]:
    """The first due date of a plan in arrears, and the day of the month the dues keep."""
    start, first = terms.start_date, terms.first_due_date
    if first is None:
        return _due_after_start(terms)
    if terms.due_day is not None:
        return first, terms.due_day
    keeps_anchor = first == days.month_step(start, 1, start.day)
    return first, start.day if keeps_anchor else first.day


def _due_after_start(terms: QuoteTerms) -> tuple[date, int]:
    start = terms.start_date
    anchor = terms.due_day or start.day
    skip_below = (terms.stub.skip_below_days if terms.stub else None) or 0
    return days.first_due(start, anchor, skip_below), anchor


def _stub_index(terms: QuoteTerms, periods: list[Period]) -> int:
    at = 1 if terms.method is Method.RENT_IN_ADVANCE else 0
    return at if len(periods) > at and not periods[at].is_whole else -1


def _full_numerators(terms: QuoteTerms, factors: Factors, count: int) -> list[int]:
    whole = [factors.month] * count
    if terms.method is Method.RENT_IN_ADVANCE:
        whole[0] = 0
    return whole


def _lines_needed(terms: QuoteTerms, factors: Factors, stub_index: int, most: int) -> int:
    needed = kernels.count_lines(
        terms.principal_fen,
        _whole_at(factors, stub_index),
        factors.denominator,
        terms.instalment_fen or 0,
        most,
    )
    if needed == 0:
        raise TermsError("instalment_too_small", "instalment", {"max": most})
    return needed


def _whole_at(factors: Factors, stub_index: int) -> tuple[int, ...]:
    if not 0 <= stub_index < len(factors.numerators):
        return factors.numerators
    return (*factors.numerators[:stub_index], factors.month, *factors.numerators[stub_index + 1 :])


def _flat(terms: QuoteTerms) -> tuple[int, int]:
    if terms.flat_monthly_rate is not None:
        return level.rate_units(terms.flat_monthly_rate), RATE_SCALE
    if terms.flat_annual_rate is not None:
        return level.rate_units(terms.flat_annual_rate), RATE_SCALE * 12
    return 0, 1


def _first_gap(terms: QuoteTerms, periods: list[Period]) -> Fraction:
    at = 1 if terms.method is Method.RENT_IN_ADVANCE else 0
    if len(periods) <= at or periods[at].is_whole:
        return Fraction(1)
    return Fraction(12 * periods[at].units, periods[at].base)
