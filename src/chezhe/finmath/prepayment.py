"""Partial prepayment (部分提前还款): a lower instalment (减额) or fewer of them (缩期)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from math import lcm

from chezhe.finmath import days, level, life_kernels, schedule
from chezhe.finmath.plan import first_due_of, lay_out
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
        steps=steps_after(terms.steps, after_period),
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
        lines = rest.periods or 1
        part = life_kernels.equal_part(rest.principal_fen, lines)
        return replace(smaller, periods=life_kernels.lines_at_part(smaller.principal_fen, part, lines))
    if rest.method is not Method.EQUAL_INSTALMENT:
        raise TermsError("prepayment_not_possible", "mode", {"method": rest.method.value})
    kept = instalment_fen if instalment_fen is not None else lay_out(rest).instalment_fen
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
    first_due, anchor = first_due_of(rest)
    stub_basis = rest.stub.basis if rest.stub else rest.day_count
    base = lcm(days.BASES[rest.day_count], days.BASES[stub_basis])
    extra = life_kernels.interest_on_prepaid(
        smaller.principal_fen,
        amount_fen,
        rest.start_date.toordinal(),
        first_due.toordinal(),
        anchor,
        (rest.periods or 1) if rest.method is Method.BULLET else 1,
        paid_on.toordinal(),
        days.KERNEL_CODES[rest.day_count],
        base // days.BASES[rest.day_count],
        days.KERNEL_CODES[stub_basis],
        base // days.BASES[stub_basis],
        level.rate_units(rest.annual_rate or level.NO_RATE),
        level.RATE_SCALE * base,
    )
    if extra == life_kernels.NOT_IN_LINE:
        raise TermsError("prepayment_not_in_line", "paid_on")
    return extra


def steps_after(steps: tuple[Step, ...], passed: int) -> tuple[Step, ...]:
    """The steps of the lines after the first `passed` ones, counted from there."""
    if not steps:
        return ()
    running = [step for step in steps if step.from_period <= passed + 1][-1]
    later = [replace(s, from_period=s.from_period - passed) for s in steps if s.from_period > passed + 1]
    return (replace(running, from_period=1), *later)
