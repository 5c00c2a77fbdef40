"""Which terms can be quoted: every refusal is a TermsError with a stable code and the field's public name."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from chezhe.finmath.days import month_step
from chezhe.finmath.level import RATE_SCALE
from chezhe.finmath.money import FEN_MAX
from chezhe.finmath.terms import FeeWhen, Method, QuoteTerms, TermsError

PERIODS_MAX = 600
FIRST_PERIOD_DAYS_MAX = 366
INSTALMENT_METHODS = frozenset({Method.EQUAL_INSTALMENT, Method.RENT_IN_ADVANCE})


def check(terms: QuoteTerms) -> None:
    """Raise TermsError for the first thing that cannot be quoted; return None when all is well."""
    for examine in _CHECKS:
        examine(terms)


def _check_amounts(terms: QuoteTerms) -> None:
    _positive(terms.principal_fen, "principal")
    if terms.instalment_fen is not None:
        if terms.method not in INSTALMENT_METHODS:
            raise TermsError("instalment_not_used", "instalment")
        _positive(terms.instalment_fen, "instalment")
    if terms.method is Method.BALLOON:
        if terms.balloon_fen is None:
            raise TermsError("balloon_missing", "balloon")
        _positive(terms.balloon_fen, "balloon")
        if terms.balloon_fen >= terms.principal_fen:
            raise TermsError("balloon_too_large", "balloon")
    elif terms.balloon_fen is not None:
        raise TermsError("not_used", "balloon")


def _check_rates(terms: QuoteTerms) -> None:
    flats = {"flat_monthly_rate": terms.flat_monthly_rate, "flat_annual_rate": terms.flat_annual_rate}
    given = {name: rate for name, rate in flats.items() if rate is not None}
    if terms.method is not Method.FLAT_EQUAL:
        for name in given:
            raise TermsError("rate_not_used", name)
        if terms.annual_rate is None:
            raise TermsError("rate_missing", "annual_rate")
        _check_rate(terms.annual_rate, "annual_rate")
        return
    if terms.annual_rate is not None:
        raise TermsError("rate_not_used", "annual_rate")
    if not given:
        raise TermsError("rate_missing", "flat_monthly_rate")
    if len(given) == 2:
        raise TermsError("rate_twice", "flat_annual_rate")
    for name, rate in given.items():
        _check_rate(rate, name)


def _check_term(terms: QuoteTerms) -> None:
    if terms.periods is None:
        if terms.instalment_fen is None:
            raise TermsError("periods_missing", "periods")
    elif not 1 <= terms.periods <= PERIODS_MAX:
        raise TermsError("periods_out_of_range", "periods", {"max": PERIODS_MAX})


def _check_dates(terms: QuoteTerms) -> None:
    start, first = terms.start_date, terms.first_due_date
    _in_range(start, "start_date")
    if terms.due_day is not None and not 1 <= terms.due_day <= 31:
        raise TermsError("due_day_out_of_range", "due_day")
    if first is None:
        return
    _in_range(first, "first_due_date")
    if terms.method is Method.RENT_IN_ADVANCE:
        if first != start:
            raise TermsError("first_rent_not_at_start", "first_due_date")
        return
    if first <= start:
        raise TermsError("first_due_not_after_start", "first_due_date")
    if (first - start).days > FIRST_PERIOD_DAYS_MAX:
        raise TermsError("first_due_too_late", "first_due_date", {"max": FIRST_PERIOD_DAYS_MAX})
    if terms.due_day is not None and first != month_step(first, 0, terms.due_day):
        raise TermsError("due_day_disagrees", "first_due_date", {"due_day": terms.due_day})


def _check_steps(terms: QuoteTerms) -> None:
    if terms.method is not Method.STEPPED:
        if terms.steps:
            raise TermsError("not_used", "steps")
        return
    if not terms.steps:
        raise TermsError("steps_missing", "steps")
    starts = [step.from_period for step in terms.steps]
    if starts[0] != 1 or sorted(set(starts)) != starts or starts[-1] > (terms.periods or 0):
        raise TermsError("steps_not_ordered", "steps")
    for place, step in enumerate(terms.steps):
        if not 0 < step.factor < 1000 or not _fine_enough(step.factor):
            raise TermsError("step_factor_not_positive", f"steps.{place}.factor")


def _check_stub(terms: QuoteTerms) -> None:
    if terms.stub is not None and terms.stub.skip_below_days is not None:
        if not 0 <= terms.stub.skip_below_days <= 31:
            raise TermsError("skip_out_of_range", "stub.skip_below_days")


def _check_extras(terms: QuoteTerms) -> None:
    taken = 0
    if terms.deposit is not None:
        _positive(terms.deposit.amount_fen, "deposit.amount")
        taken += terms.deposit.amount_fen
    codes = set()
    for place, fee in enumerate(terms.fees):
        if not fee.code:
            raise TermsError("fee_code_missing", f"fees.{place}.code")
        if fee.code in codes:
            raise TermsError("fee_code_twice", f"fees.{place}.code", {"code": fee.code})
        codes.add(fee.code)
        _not_negative(fee.amount_fen, f"fees.{place}.amount")
        taken += fee.amount_fen if fee.when is FeeWhen.UPFRONT else 0
    if taken >= terms.principal_fen:
        raise TermsError("deposit_too_large", "deposit.amount" if terms.deposit else "fees")


def _check_subsidy(terms: QuoteTerms) -> None:
    if terms.subsidy is None:
        return
    _check_rate(terms.subsidy.rate, "subsidy.rate")
    if terms.annual_rate is not None and terms.subsidy.rate > terms.annual_rate:
        raise TermsError("subsidy_over_rate", "subsidy.rate")
    if terms.subsidy.cap_per_year_fen is not None:
        _not_negative(terms.subsidy.cap_per_year_fen, "subsidy.cap_per_year")


def _check_rate(rate: Decimal, name: str) -> None:
    if not rate.is_finite() or rate < 0:
        raise TermsError("rate_negative", name)
    if rate >= 10:
        raise TermsError("rate_too_high", name)
    if not _fine_enough(rate):
        raise TermsError("rate_too_fine", name)


def _fine_enough(rate: Decimal) -> bool:
    return RATE_SCALE % rate.as_integer_ratio()[1] == 0


def _positive(fen: int, name: str) -> None:
    if fen <= 0:
        raise TermsError("amount_not_positive", name)
    _not_negative(fen, name)


def _not_negative(fen: int, name: str) -> None:
    if fen < 0:
        raise TermsError("amount_negative", name)
    if fen > FEN_MAX:
        raise TermsError("amount_too_large", name, {"max": FEN_MAX // 100})


def _in_range(day: date, name: str) -> None:
    if not 1990 <= day.year <= 2200:
        raise TermsError("date_out_of_range", name)


_CHECKS: tuple[Callable[[QuoteTerms], None], ...] = (
    _check_amounts,
    _check_rates,
    _check_term,
    _check_dates,
    _check_steps,
    _check_stub,
    _check_extras,
    _check_subsidy,
)
