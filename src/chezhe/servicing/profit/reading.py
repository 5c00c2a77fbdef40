"""The ledger, asked set by set: the principal of every loan over time, and what products and branches earned by month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from chezhe.ledger import chart
from chezhe.servicing.profit.rules import COMMISSION, CREDIT, FEES, FUNDING, INTEREST, PENALTY, VAT, WAIVED
from chezhe.servicing.quality.writing import asked

# A movement bears from its value date: that of the event it belongs to, else the day it was posted.
_PRINCIPAL = """
SELECT l.id, v.product_id, p.code, l.branch_id, l.periods, l.paid_out_on,
       sum((n.debit_fen - n.credit_fen) * (%(on)s - coalesce(e.value_on, n.posted_on) + 1))::bigint
  FROM ledger_account a JOIN ledger_line n ON n.account_id = a.id JOIN servicing_loan l ON n.owner = 'loan:' || l.number
  JOIN products_productversion v ON v.id = l.product_version_id JOIN products_product p ON p.id = v.product_id
  LEFT JOIN servicing_loanevent e ON e.entry_id = n.entry_id AND e.loan_id = l.id
 WHERE a.code = %(principal)s AND n.posted_on <= %(on)s GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1
"""
_POSTED = """
SELECT l.loan_id, sum(l.cost)::bigint FROM servicing_fundingline l JOIN servicing_fundingrun r ON r.id = l.run_id
 WHERE r.status = 'posted' AND r.as_of <= %(on)s GROUP BY 1
"""
_COPY = "COPY servicing_fundingline (run_id, loan_id, product_id, branch_id, rate, fen_days, to_date, cost) FROM STDIN"
_TOTALS = """
SELECT p.code, l.branch_id, sum(l.cost)::bigint FROM servicing_fundingline l JOIN products_product p ON p.id = l.product_id
 WHERE l.run_id = %(run)s GROUP BY 1, 2 ORDER BY 1, 2
"""
# Income positive, cost negative; tax is what VAT runs took out of income. A loan's own entries, and the dealer's commission for it, count
# for its product.
_EARNED = f"""
SELECT date_trunc('month', n.posted_on)::date,
       coalesce(p.code, substring(n.owner FROM '^(?:accrual|vat|provision|funding):(.*)$'), ''), n.branch_id,
       CASE WHEN n.owner LIKE 'vat:%%' THEN '{VAT}'
            WHEN a.code = '{chart.INTEREST_INCOME}' THEN '{INTEREST}'
            WHEN a.code IN ('{chart.PENALTY_INCOME}', '{chart.COMPOUND_INCOME}') THEN '{PENALTY}'
            WHEN a.code IN ('{chart.FEE_INCOME}', '{chart.EARLY_SETTLEMENT_INCOME}') THEN '{FEES}'
            WHEN a.code = '{chart.WAIVERS}' THEN '{WAIVED}'
            WHEN a.code = '{chart.PROVISION_EXPENSE}' THEN '{CREDIT}'
            WHEN a.code = '{chart.INTERNAL_FUNDING}' THEN '{FUNDING}'
            ELSE '{COMMISSION}' END,
       sum(n.credit_fen - n.debit_fen)::bigint
  FROM ledger_account a JOIN ledger_line n ON n.account_id = a.id
  LEFT JOIN servicing_loan l ON l.number = substring(n.owner FROM '^(?:loan|commission):(.*)$')
  LEFT JOIN products_productversion v ON v.id = l.product_version_id LEFT JOIN products_product p ON p.id = v.product_id
 WHERE a.code = ANY(%(accounts)s) AND n.posted_on >= %(first)s AND n.posted_on <= %(last)s GROUP BY 1, 2, 3, 4
"""  # noqa: S608 - our own account codes
_ACCOUNTS = (
    chart.INTEREST_INCOME, chart.PENALTY_INCOME, chart.COMPOUND_INCOME, chart.FEE_INCOME, chart.EARLY_SETTLEMENT_INCOME, chart.WAIVERS,
    chart.PROVISION_EXPENSE, chart.INTERNAL_FUNDING, chart.COMMISSION_EXPENSE,
)
_RUNNING = """
SELECT m.day, p.code, l.branch_id, count(*) FILTER (WHERE l.settled_on IS NULL OR l.settled_on > m.day),
       count(*) FILTER (WHERE l.paid_out_on > m.day - extract(day FROM m.day)::int)
  FROM unnest(%(ends)s::date[]) AS m(day) JOIN servicing_loan l ON l.paid_out_on <= m.day
  JOIN products_productversion v ON v.id = l.product_version_id JOIN products_product p ON p.id = v.product_id
 GROUP BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class Funded:
    """A loan's principal over time, as one number, and what its price depends on."""

    loan: int
    product_id: int
    product: str
    branch: int
    months: int
    paid_out_on: date
    fen_days: int


def funded(on: date) -> list[Funded]:
    """Every loan that was ever paid out by `on`."""
    return [Funded(*row) for row in asked(_PRINCIPAL, principal=chart.LOAN_PRINCIPAL, on=on)]


def posted_before(on: date) -> dict[int, int]:
    """Fen that standing runs up to `on` have booked of each loan."""
    return dict(asked(_POSTED, on=on))


@dataclass(frozen=True, slots=True)
class Priced:
    """What a loan's money costs: to date, and of that in the month."""

    funded: Funded
    rate: Decimal
    to_date: int
    cost: int


def write_lines(run_id: int, lines: Iterable[Priced]) -> None:
    """One row a loan."""
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for text in _texts(run_id, lines):
            copy.write(text)


def _texts(run_id: int, lines: Iterable[Priced]) -> Iterator[str]:
    for line in lines:
        of = line.funded
        yield f"{run_id}\t{of.loan}\t{of.product_id}\t{of.branch}\t{line.rate}\t{of.fen_days}\t{line.to_date}\t{line.cost}\n"


def totals_of(run_id: int) -> dict[tuple[str, int], int]:
    """A run's cost by product code and branch id."""
    return {(product, branch): cost for product, branch, cost in asked(_TOTALS, run=run_id)}


def earned(first: date, last: date) -> list[tuple[date, str, int | None, str, int]]:
    """First day of the month, product code ('' for what belongs to none), branch id, row of a statement, fen."""
    return [(month, product, branch, row, fen) for month, product, branch, row, fen in asked(
        _EARNED, accounts=list(_ACCOUNTS), first=first, last=last)]


def running(ends: list[date]) -> list[tuple[date, str, int, int, int]]:
    """Last day of the month, product code, branch id, loans that ran on it, loans paid out in it."""
    return [(day, product, branch, ran, begun) for day, product, branch, ran, begun in asked(_RUNNING, ends=ends)]
