"""A quote: the plan's rows, their totals, and what the money costs a year (what `chezhe quote` answers)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate

from chezhe.finmath import days, fees, rates, schedule, subsidy
from chezhe.finmath.plan import Plan, lay_out
from chezhe.finmath.terms import DepositRefund, Method, Quote, QuoteTerms, Rates, Row, Totals


@lru_cache(maxsize=512)
def quote(terms: QuoteTerms) -> Quote:
    """The whole answer for `terms`. Raises TermsError when they cannot be quoted.

    A case is quoted again by every page, vote and paper on its way: the latest answers are kept.
    """
    plan = lay_out(terms)
    rows = schedule.rows_of(plan, terms)
    return Quote(rows=rows, totals=totals_of(rows, terms, subsidy_fen(plan, rows, terms)), rates=rates_of(plan, rows, terms))


def totals_of(rows: Sequence[Row], terms: QuoteTerms, subsidised_fen: int) -> Totals:
    """Sums over the rows; the net advance is what is left of the principal after up-front fees and the deposit."""
    upfront = fees.upfront_fen(terms.fees)
    deposit = terms.deposit.amount_fen if terms.deposit else 0
    return Totals(
        principal_fen=sum(row.principal_fen for row in rows),
        interest_fen=sum(row.interest_fen for row in rows),
        fee_fen=sum(row.fee_fen for row in rows),
        upfront_fee_fen=upfront,
        subsidy_fen=subsidised_fen,
        total_fen=sum(row.total_fen for row in rows),
        net_advance_fen=terms.principal_fen - upfront - deposit,
    )


def subsidy_fen(plan: Plan, rows: Sequence[Row], terms: QuoteTerms) -> int:
    """The whole subsidy over the life of the plan, in fen."""
    if terms.subsidy is None:
        return 0
    paid = [0, *accumulate(row.principal_fen for row in rows)]
    openings = [terms.principal_fen - before for before in paid[: len(rows)]]
    if plan.method is Method.BULLET:
        openings = [terms.principal_fen] * len(plan.periods)
    return sum(subsidy.per_line(terms.subsidy, plan.periods, openings))


def rates_of(plan: Plan, rows: Sequence[Row], terms: QuoteTerms) -> Rates:
    """Annualised cost without fees and all-in. The deposit is part of the plan's cash in both; the subsidy, being
    paid to the lender by the treasury, in neither. An irregular first period counts as its own fraction of a month
    (its days over its day-count base, times twelve), every later one as a month."""
    with_fees = _cost(plan, rows, terms, include_fees=True)
    without = with_fees if not terms.fees else _cost(plan, rows, terms, include_fees=False)
    return Rates(
        monthly_irr=without[0],
        simple=_simple(without[0]),
        compound=_compound(without[0]),
        xirr=without[1],
        all_in_simple=_simple(with_fees[0]),
        all_in_compound=_compound(with_fees[0]),
        all_in_xirr=with_fees[1],
    )


def _cost(plan: Plan, rows: Sequence[Row], terms: QuoteTerms, *, include_fees: bool) -> tuple[Decimal | None, Decimal | None]:
    flows = cash_flows(plan, rows, terms, include_fees=include_fees)
    monthly, _ = rates.solve([month for month, _, _ in flows], [amount for _, _, amount in flows], costs_money=True)
    return monthly, rates.dated_rate([(on, amount) for _, on, amount in flows], costs_money=True).xirr


def cash_flows(plan: Plan, rows: Sequence[Row], terms: QuoteTerms, *, include_fees: bool) -> list[tuple[Fraction, date, int]]:
    """The lender's cash as (months from start, date, fen): the advance is negative."""
    advance = terms.principal_fen - (fees.upfront_fen(terms.fees) if include_fees else 0)
    flows = [(Fraction(0), terms.start_date, -advance)]
    months = row_months(plan)
    for month, row in zip(months, rows, strict=True):
        flows.append((month, row.due_date, row.total_fen if include_fees else row.total_fen - row.fee_fen))
    if terms.deposit is not None:
        flows.append((Fraction(0), terms.start_date, terms.deposit.amount_fen))
        flows.append((*_refund_moment(terms, months[-1], rows[-1].due_date), -terms.deposit.amount_fen))
    return flows


def cost_with(terms: QuoteTerms, charges: Sequence[tuple[date, int]]) -> tuple[Decimal | None, Decimal | None]:
    """Simple and compound all-in cost a year (fractions) when the borrower pays `charges` (day, fen) beside the plan as well.

    A charge counts with the first line due on or after its day, a later one with the last line, which overstates it a little.
    Raises TermsError when the terms cannot be quoted.
    """
    plan = lay_out(terms)
    rows = schedule.rows_of(plan, terms)
    moments = list(zip(row_months(plan), (row.due_date for row in rows), strict=True))
    flows = [(month, fen) for month, _on, fen in cash_flows(plan, rows, terms, include_fees=True)]
    flows += [(next((month for month, due in moments if due >= on), moments[-1][0]), fen) for on, fen in charges]
    flows.sort()
    monthly, _ = rates.solve([month for month, _ in flows], [fen for _, fen in flows], costs_money=True)
    return _simple(monthly), _compound(monthly)


def row_months(plan: Plan) -> list[Fraction]:
    """When each row falls, in months from the start."""
    count = len(plan.periods)
    if plan.method is Method.RENT_IN_ADVANCE:
        return [Fraction(0), *(plan.first_gap + k for k in range(count - 1))]
    months = [plan.first_gap + k for k in range(count)]
    return months[-1:] if plan.method is Method.BULLET else months


def _refund_moment(terms: QuoteTerms, month: Fraction, last_due: date) -> tuple[Fraction, date]:
    assert terms.deposit is not None
    if terms.deposit.refund is DepositRefund.END and terms.method is Method.RENT_IN_ADVANCE:
        return month + 1, days.month_step(last_due, 1, terms.due_day or terms.start_date.day)
    return month, last_due


def _simple(monthly: Decimal | None) -> Decimal | None:
    return None if monthly is None else monthly * 12


def _compound(monthly: Decimal | None) -> Decimal | None:
    return None if monthly is None else rates.compounded(monthly, 12)
