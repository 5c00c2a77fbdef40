"""The ledger, asked set by set: what each loan's accounts say since VAT began, and what the whole books say beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db import connection

from chezhe.ledger import chart
from chezhe.servicing import takeovers
from chezhe.servicing.quality.writing import asked
from chezhe.servicing.tax.rules import INCOME, ITEMS, READ_FROM, Books, OffBook, TaxItem, taken_back

Key = tuple[str, int | None]
"""Product code and branch id."""

_SUMS = ", ".join(f"coalesce(sum(fen) FILTER (WHERE code = '{READ_FROM[item]}'), 0)::bigint" for item in ITEMS)
_LOANS = f"""
SELECT l.id, v.product_id, l.branch_id, {_SUMS}
  FROM (SELECT n.owner, a.code, sum(n.credit_fen - n.debit_fen) AS fen
          FROM ledger_account a JOIN ledger_line n ON n.account_id = a.id
         WHERE a.code = ANY(%(accounts)s) AND n.posted_on > %(since)s AND n.posted_on <= %(on)s AND n.owner LIKE 'loan:%%'
         GROUP BY 1, 2) moved
  JOIN servicing_loan l ON l.number = substring(owner FROM 6)
  JOIN products_productversion v ON v.id = l.product_version_id
 GROUP BY 1, 2, 3 ORDER BY 1
"""  # noqa: S608 - our own account codes
# What was mirrored since, and its mirror, never happened. Only loans that once had a claim outside the books.
_OFF_BOOK = """
SELECT l.id, e.posted_on,
       sum(CASE WHEN n.account_id = claim.id THEN n.debit_fen - n.credit_fen ELSE 0 END)::bigint,
       sum(CASE WHEN n.account_id = income.id THEN n.credit_fen - n.debit_fen ELSE 0 END)::bigint
  FROM ledger_account claim, ledger_account income, ledger_line n
  JOIN ledger_journalentry e ON e.id = n.entry_id JOIN servicing_loan l ON n.owner = 'loan:' || l.number
 WHERE claim.code = %(claim)s AND income.code = %(income)s AND n.account_id IN (claim.id, income.id) AND n.posted_on <= %(on)s
   AND e.reverses_id IS NULL AND NOT EXISTS (
     SELECT FROM ledger_journalentry r WHERE r.reverses_id = e.id AND r.posted_on <= %(on)s)
 GROUP BY l.id, e.posted_on, e.id ORDER BY l.id, e.posted_on, e.id
"""
_TAXED = """
SELECT l.loan_id, {sums} FROM servicing_vatline l JOIN servicing_vatrun r ON r.id = l.run_id WHERE r.status = 'posted' GROUP BY 1
"""
# VAT's own entries take the tax out of the income. What loans taken over had earned elsewhere was never income here.
_BOOKS = """
SELECT coalesce(sum(n.credit_fen - n.debit_fen) FILTER (WHERE a.code = ANY(%(income)s)), 0)::bigint,
       coalesce(sum(n.debit_fen - n.credit_fen) FILTER (WHERE a.code = %(accrued)s), 0)::bigint,
       coalesce(sum(n.debit_fen - n.credit_fen) FILTER (WHERE a.code = %(waivers)s AND n.owner LIKE 'loan:%%'), 0)::bigint,
       coalesce(sum(n.credit_fen - n.debit_fen) FILTER (
         WHERE a.code = ANY(%(own)s) AND (n.owner NOT LIKE 'loan:%%' AND n.owner NOT LIKE 'accrual:%%'
            OR n.entry_id IN (SELECT id FROM ledger_journalentry WHERE event = %(brought)s))), 0)::bigint
  FROM ledger_account a JOIN ledger_line n ON n.account_id = a.id
 WHERE a.code = ANY(%(accounts)s) AND n.posted_on > %(since)s AND n.posted_on <= %(on)s AND n.owner NOT LIKE 'vat:%%'
"""
# A loan's entries count for its product.
_STANDING = """
SELECT coalesce(p.code, substring(n.owner FROM '^(?:accrual|vat):(.*)$'), ''), n.branch_id, sum(n.debit_fen - n.credit_fen)::bigint
  FROM ledger_account a JOIN ledger_line n ON n.account_id = a.id
  LEFT JOIN servicing_loan l ON n.owner = 'loan:' || l.number LEFT JOIN products_productversion v ON v.id = l.product_version_id
  LEFT JOIN products_product p ON p.id = v.product_id
 WHERE a.code = %(account)s AND n.posted_on <= %(on)s GROUP BY 1, 2
"""
_COPY = "COPY servicing_vatline (run_id, loan_id, product_id, branch_id, bases, taxes, base, tax) FROM STDIN"
_TOTALS = """
SELECT p.code, l.branch_id, i.place, sum(i.base)::bigint, sum(i.tax)::bigint
  FROM servicing_vatline l JOIN products_product p ON p.id = l.product_id,
       unnest(l.bases, l.taxes) WITH ORDINALITY AS i(base, tax, place) WHERE l.run_id = %(run)s GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class TaxedLoan:
    """What a loan's accounts say of each item, in fen since VAT began."""

    loan: int
    product: int
    branch: int
    sums: tuple[int, ...]


def loans_since(since: date, on: date) -> tuple[list[TaxedLoan], int]:
    """Every loan with income between `since` (not included) and the end of `on`, and how much taxed interest more stands outside
    the books than on `since`."""
    more = _taken_back_more(since, on)
    late = ITEMS.index(TaxItem.INTEREST_LATE)
    # A loan whose claim outside the books moved has a row as well.
    accounts = [*READ_FROM.values(), chart.OFF_BOOK_INTEREST]
    rows = [TaxedLoan(loan, product, branch, tuple(sums)) for loan, product, branch, *sums in asked(
        _LOANS, accounts=accounts, since=since, on=on)]
    return [_with_late(row, late, more.get(row.loan, 0)) for row in rows], sum(more.values())


def _with_late(row: TaxedLoan, late: int, more: int) -> TaxedLoan:
    """Interest that left the books unpaid took its income along, but not its tax."""
    if not more:
        return row
    return TaxedLoan(row.loan, row.product, row.branch, (*row.sums[:late], row.sums[late] + more, *row.sums[late + 1 :]))


def _taken_back_more(since: date, on: date) -> dict[int, int]:
    now, then = _taken_back(on), _taken_back(since)
    found = {loan: now.get(loan, 0) - then.get(loan, 0) for loan in {*now, *then}}
    return {loan: fen for loan, fen in found.items() if fen}


def _taken_back(on: date) -> dict[int, int]:
    rows = asked(_OFF_BOOK, claim=chart.OFF_BOOK_INTEREST, income=chart.INTEREST_INCOME, on=on)
    return {loan: taken_back(OffBook(claim, income) for _loan, _day, claim, income in moved)
            for loan, moved in groupby(rows, key=lambda row: row[0])}


def taxed_before() -> dict[int, tuple[int, ...]]:
    """What posted runs have taxed of each loan, by item."""
    sums = ", ".join(f"sum(l.bases[{place}])::bigint" for place in range(1, len(ITEMS) + 1))
    return {loan: tuple(bases) for loan, *bases in asked(_TAXED.format(sums=sums))}


def books(since: date, on: date, taken_back_fen: int) -> Books:
    """What the general ledger says of the same time."""
    own = [*INCOME, chart.ACCRUED_INTEREST]
    [(income, accrued, waived, other)] = asked(
        _BOOKS, income=list(INCOME), own=own, accrued=chart.ACCRUED_INTEREST, waivers=chart.WAIVERS, accounts=[*own, chart.WAIVERS],
        brought=takeovers.ACCRUED, since=since, on=on)
    return Books(income_fen=income, not_due_fen=accrued, taken_back_fen=taken_back_fen, waived_fen=waived, other_fen=other)


def not_due(on: date) -> dict[Key, int]:
    """Interest earned and not yet due, by product and branch."""
    return {(product, branch): fen for product, branch, fen in asked(_STANDING, account=chart.ACCRUED_INTEREST, on=on) if fen}


def deferred(on: date) -> dict[Key, int]:
    """Tax to come that the books hold, by product and branch."""
    return {(product, branch): -fen for product, branch, fen in asked(_STANDING, account=chart.VAT_DEFERRED, on=on) if fen}


def write_lines(run_id: int, lines: Iterable[tuple[TaxedLoan, Sequence[int], Sequence[int]]]) -> None:
    """One row a loan: bases and taxes by item."""
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for text in _texts(run_id, lines):
            copy.write(text)


def _texts(run_id: int, lines: Iterable[tuple[TaxedLoan, Sequence[int], Sequence[int]]]) -> Iterator[str]:
    for row, bases, taxes in lines:
        yield (
            f"{run_id}\t{row.loan}\t{row.product}\t{row.branch}\t{{{','.join(map(str, bases))}}}\t{{{','.join(map(str, taxes))}}}\t"
            f"{sum(bases)}\t{sum(taxes)}\n"
        )


def totals_of(run_id: int) -> dict[Key, dict[TaxItem, tuple[int, int]]]:
    """Base and tax of a run by product and branch, and by item."""
    found: dict[Key, dict[TaxItem, tuple[int, int]]] = defaultdict(dict)
    for product, branch, place, base, tax in asked(_TOTALS, run=run_id):
        found[product, branch][ITEMS[place - 1]] = (base, tax)
    return dict(found)


def summed(parts: Iterable[Mapping[TaxItem, tuple[int, int]]]) -> dict[TaxItem, tuple[int, int]]:
    """Several of them together, every item in its order."""
    sums = dict.fromkeys(ITEMS, (0, 0))
    for part in parts:
        for item, (base, tax) in part.items():
            sums[item] = (sums[item][0] + base, sums[item][1] + tax)
    return sums
