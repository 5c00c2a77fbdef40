"""Partial prepayment (部分提前还款): a lower instalment (减额) or fewer of them (缩期)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum

from chezhe.finmath import days, kernels, level, schedule
from chezhe.finmath.plan import periods_of
from chezhe.finmath.terms import FeeWhen, Method, QuoteTerms, Row, Step, TermsError

REPLANNED = frozenset(
    {
        Method.EQUAL_INSTALMENT,
        Method.EQUAL_PRINCIPAL,
        Method.INTEREST_ONLY_BULLET,
        Method.BULLET,
        Method.BALLOON,
        Method.STEPPED,
    }
)


class PrepaymentMode(StrEnum):
    """What a prepayment changes."""

    REDUCE_INSTALMENT = "reduce_instalment"  # same last due date, lower instalment
    SHORTEN_TERM = "shorten_term"  # same instalment, fewer lines


def rest_of(terms: QuoteTerms, rows: Sequence[Row], after_period: int) -> QuoteTerms:
    """The lines after row `after_period` as a loan of their own from that due date (0: the whole loan again).

    Keeps rate, day count, due day and steps; drops up-front fees, the deposit and, once passed, the stub.
    """
    if after_period == 0:
        return terms
    if not 0 < after_period < len(rows):
        raise TermsError("periods_out_of_range", "periods", {"max": len(rows) - 1})
    first_due = rows[after_period].due_date
    return replace(
        terms,
        principal_fen=rows[after_period - 1].balance_fen,
        start_date=rows[after_period - 1].due_date,
        first_due_date=first_due,
        due_day=anchor_day(terms),
        periods=len(rows) - after_period,
        instalment_fen=None,
        steps=_steps_after(terms.steps, after_period),
        stub=None if terms.stub is None else replace(terms.stub, skip_below_days=None),
        deposit=None,
        fees=tuple(fee for fee in terms.fees if fee.when is FeeWhen.MONTHLY),
    )


def anchor_day(terms: QuoteTerms) -> int:
    """The day of the month the dues keep."""
    if terms.due_day is not None:
        return terms.due_day
    if terms.first_due_date is None or terms.first_due_date == days.month_step(terms.start_date, 1, terms.start_date.day):
        return terms.start_date.day
    return terms.first_due_date.day


def prepaid_schedule(
    rest: QuoteTerms, *, amount_fen: int, paid_on: date, mode: PrepaymentMode, instalment_fen: int | None = None
) -> tuple[Row, ...]:
    """The new rows after `amount_fen` of principal is paid inside the running line of `rest` (see `rest_of`).

    Interest already earned on the prepaid amount, [line start, paid_on), falls due with the first new line, exact
    and rounded with it once. Shortening keeps `instalment_fen` (equal instalment) or, as near as whole lines allow,
    the principal per line (equal principal). Raises TermsError for methods whose plan cannot be changed this way.
    """
    if rest.method not in REPLANNED:
        raise TermsError("prepayment_not_possible", "method", {"method": rest.method.value})
    if not 0 < amount_fen < rest.principal_fen:
        raise TermsError("prepayment_not_below_balance", "amount")
    smaller = replace(rest, principal_fen=rest.principal_fen - amount_fen, instalment_fen=None)
    if mode is PrepaymentMode.SHORTEN_TERM:
        smaller = _shortened(rest, smaller, instalment_fen)
    rows = schedule.build(smaller)
    extra = _interest_on_prepaid(rest, smaller, amount_fen, paid_on)
    first = rows[0]
    return (
        replace(first, interest_fen=first.interest_fen + extra, total_fen=first.total_fen + extra),
        *rows[1:],
    )


def _shortened(rest: QuoteTerms, smaller: QuoteTerms, instalment_fen: int | None) -> QuoteTerms:
    if rest.method is Method.EQUAL_PRINCIPAL:
        each = schedule.build(rest)[0].principal_fen
        return replace(smaller, periods=-(-smaller.principal_fen // each))
    if rest.method is not Method.EQUAL_INSTALMENT:
        raise TermsError("prepayment_not_possible", "mode", {"method": rest.method.value})
    kept = instalment_fen if instalment_fen is not None else schedule.build(rest)[0].total_fen
    shorter = replace(smaller, instalment_fen=kept)
    try:
        schedule.build(shorter)
    except TermsError:
        # A few fen prepaid: the old last line was a little above the instalment, and the same lines are still needed.
        return smaller
    return shorter


def _interest_on_prepaid(rest: QuoteTerms, smaller: QuoteTerms, amount_fen: int, paid_on: date) -> int:
    """Fen to add to the first line: (whole line on the smaller balance + days on the amount), rounded once, less the
    rounded whole line. A bullet's line is its whole life."""
    lines = periods_of(rest, rest.periods or 1)
    first = lines[0]
    whole = lines if rest.method is Method.BULLET else lines[:1]
    if not first.from_date <= paid_on < whole[-1].to_date:
        raise TermsError("prepayment_not_in_line", "paid_on")
    basis = rest.stub.basis if rest.stub and not first.is_whole else rest.day_count
    used = (days.units_between(first.from_date, paid_on, basis), days.BASES[basis])
    factors = level.factors(rest.annual_rate or level.NO_RATE, [used, *((p.units, p.base) for p in whole)])
    on_balance = smaller.principal_fen * sum(factors.numerators[1:])
    return kernels.round_half_up(on_balance + amount_fen * factors.numerators[0], factors.denominator) - kernels.round_half_up(
        on_balance, factors.denominator
    )


def _steps_after(steps: tuple[Step, ...], passed: int) -> tuple[Step, ...]:
    if not steps:
        return ()
    running = [step for step in steps if step.from_period <= passed + 1][-1]
    later = [replace(s, from_period=s.from_period - passed) for s in steps if s.from_period > passed + 1]
    return (replace(running, from_period=1), *later)
