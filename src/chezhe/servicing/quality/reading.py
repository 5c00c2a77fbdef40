"""Loans as columns for grading: a borrower's, or the whole book, each in a handful of questions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import connection
from msgspec.structs import replace

from chezhe.finmath.level import rate_units
from chezhe.servicing import lives, rules
from chezhe.servicing import position as positions
from chezhe.servicing.models import FOLDED_KINDS, Loan, Schedule
from chezhe.servicing.position import Position, Spell
from chezhe.servicing.states import ON_BOOKS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[Any]

FOLDED_AT_ONCE = 2_000
# A loan that was paid off or written off later still stood in the books on the day.
_ROWS = """
SELECT l.id, l.customer_id, coalesce((c.kind = 'company')::int, 0), v.product_id, l.branch_id, l.principal_left,
       CASE WHEN l.oldest_due_on < %(on)s THEN %(on)s - l.oldest_due_on ELSE 0 END, coalesce(l.annual_rate, 0),
       (greatest(l.matures_on - %(on)s, 1) * 12 + 364) / 365, (coalesce(m.status, '') IN ('registered', 'release_requested'))::int,
       l.observed_until, l.arrears, l.performing_since
  FROM servicing_loan l LEFT JOIN customers_customer c ON c.id = l.customer_id
  JOIN products_productversion v ON v.id = l.product_version_id
  LEFT JOIN contracts_mortgage m ON m.contract_id = l.contract_id
 WHERE coalesce(l.taken_over_on, l.paid_out_on) <= %(on)s {whose} AND (l.status = ANY(%(on_books)s)
       OR ((l.status = 'written_off' OR l.settled_on > %(on)s) AND NOT EXISTS (
         SELECT FROM servicing_loanevent e WHERE e.loan_id = l.id AND e.kind = 'written_off' AND e.value_on <= %(on)s
            AND NOT EXISTS (SELECT FROM servicing_loanevent r WHERE r.reverses_id = e.id))))
 ORDER BY l.id
"""
_OF_CUSTOMERS = "AND l.customer_id = ANY(%(customers)s)"
_HANDS = """
SELECT d.loan_id, d.asset_class FROM servicing_classdowngrade d
 WHERE d.downgraded_on <= %(on)s AND (d.lifted_on IS NULL OR d.lifted_on > %(on)s)
"""
_EASED = """
SELECT e.loan_id, max(e.value_on) FROM servicing_loanevent e
 WHERE e.kind = 'extended' AND e.value_on <= %(on)s AND NOT EXISTS (SELECT FROM servicing_loanevent r WHERE r.reverses_id = e.id) {whose}
 GROUP BY 1
"""
_OBSERVED = """
SELECT l.id, coalesce(max(e.value_on), l.paid_out_on) FROM servicing_loan l
  LEFT JOIN servicing_loanevent e ON e.loan_id = l.id AND e.kind = 'restructured' AND e.value_on <= %(on)s
   AND NOT EXISTS (SELECT FROM servicing_loanevent r WHERE r.reverses_id = e.id)
 WHERE l.id = ANY(%(loans)s) GROUP BY l.id
"""
# The loans that a loan paid off, and those that they had paid off in their turn.
_REFINANCED = """
WITH RECURSIVE old AS (
  SELECT l.id AS loan_id, f.loan_number FROM contracts_refinancing f JOIN servicing_loan l ON l.contract_id = f.contract_id {whose}
   UNION ALL
  SELECT old.loan_id, f.loan_number
    FROM old JOIN servicing_loan l ON l.number = old.loan_number JOIN contracts_refinancing f ON f.contract_id = l.contract_id
) SELECT old.loan_id, l.arrears, l.settled_on FROM old JOIN servicing_loan l ON l.number = old.loan_number
   WHERE l.settled_on <= %(on)s AND l.arrears IS NOT NULL ORDER BY 1, l.settled_on
"""
_MOVED = """
SELECT loan_id FROM servicing_loanevent WHERE posted_on > %(on)s AND kind = ANY(%(kinds)s)
UNION
SELECT l.id FROM ledger_journalentry j JOIN ledger_transfer t ON t.entry_id = j.id
  JOIN servicing_loan l ON t.owner = 'loan:' || l.number WHERE j.event = 'unapplied_used' AND j.posted_on > %(on)s
"""


@dataclass(slots=True, kw_only=True)
class Columns:
    """Loans in the order of their ids, money in fen, rates in 10^-10, `months` to maturity (at least 1)."""

    ids: Ints
    customer: Ints
    is_company: Ints
    product: Ints
    branch: Ints
    exposure_fen: Ints
    dpd: Ints
    rate_units: Ints
    months: Ints
    is_secured: Ints
    observed_until: list[date | None]
    spells: list[tuple[Spell, ...]]
    performing_since: list[date | None]

    def __len__(self) -> int:
        return len(self.ids)


def of_customers(customers: Sequence[int], on: date) -> Columns:
    """The running loans of these borrowers as their rows stand, for the business date."""
    return _columns(on, customers)


def whole_book(on: date, customers: Sequence[int] | None = None) -> Columns:
    """Every loan (of these borrowers) that ran on the evening of `on`; what happened since is taken out again."""
    columns = _columns(on, customers)
    _turn_back(columns, on)
    return columns


def _columns(on: date, customers: Sequence[int] | None) -> Columns:
    import numpy as np

    query, whose = _ROWS.format(whose="" if customers is None else _OF_CUSTOMERS), None if customers is None else list(customers)
    with connection.cursor() as cursor:
        cursor.execute(query, {"on": on, "on_books": list(ON_BOOKS), "customers": whose})
        rows = cursor.fetchall()
    whole = np.array([row[:7] for row in rows], dtype=np.int64).reshape(len(rows), 7)
    rates = {rate: rate_units(rate) for rate in {row[7] for row in rows}}
    rest = np.array([(rates[row[7]], row[8], row[9]) for row in rows], dtype=np.int64).reshape(len(rows), 3)
    return Columns(
        ids=whole[:, 0], customer=whole[:, 1], is_company=whole[:, 2], product=whole[:, 3], branch=whole[:, 4],
        exposure_fen=whole[:, 5].copy(), dpd=whole[:, 6].copy(), rate_units=rest[:, 0], months=rest[:, 1], is_secured=rest[:, 2],
        observed_until=[row[10] for row in rows], spells=[_spells(row[11]) for row in rows], performing_since=[row[12] for row in rows],
    )


def _turn_back(columns: Columns, on: date) -> None:
    """Loans into which something came after `on` are folded to that evening; of the others the calendar alone tells."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, {"on": on, "kinds": [*FOLDED_KINDS, "reversed"]})
        moved = {row[0] for row in cursor.fetchall()}
    places = {loan_id: at for at, loan_id in enumerate(columns.ids.tolist()) if loan_id in moved}
    for loan_id, position in _stood(sorted(places), on):
        at = places[loan_id]
        columns.exposure_fen[at], columns.dpd[at] = position.principal_fen, 0 if position.settled_on else position.dpd
        columns.observed_until[at] = position.observed_until
        columns.spells[at], columns.performing_since[at] = positions.past_of(position)


def _stood(loan_ids: Sequence[int], on: date) -> Iterator[tuple[int, Position]]:
    for first in range(0, len(loan_ids), FOLDED_AT_ONCE):
        loans = list(Loan.objects.filter(pk__in=loan_ids[first : first + FOLDED_AT_ONCE]).select_related("product_version"))
        kept = lives.kept_of(loans)
        for loan in loans:
            yield loan.pk, lives.position_of(loan, on, kept[loan.pk])


def _spells(kept: str | None) -> tuple[Spell, ...]:
    return rules.spells_of(json.loads(kept)) if kept else ()


def hands(on: date, loans: Sequence[int] | None = None) -> list[tuple[int, str]]:
    """Loan ids with the classes that people hold them in on a day."""
    return _asked(_HANDS + ("" if loans is None else " AND d.loan_id = ANY(%(loans)s)"), on, loans)


def eased(on: date, loans: Sequence[int] | None = None) -> dict[int, date]:
    """By loan id, the last day by `on` on which its principal was extended."""
    return dict(_asked(_EASED.format(whose="" if loans is None else "AND e.loan_id = ANY(%(loans)s)"), on, loans))


def refinanced(on: date, loans: Sequence[int] | None = None) -> dict[int, tuple[Spell, ...]]:
    """By loan id, the arrears of the loans that it paid off. Those that it paid off itself were moved into another plan, like those
    of a restructured loan."""
    found: dict[int, tuple[Spell, ...]] = {}
    query = _REFINANCED.format(whose="" if loans is None else "WHERE l.id = ANY(%(loans)s)")
    for loan_id, arrears, settled_on in _asked(query, on, loans):
        spells = (replace(spell, has_moved=spell.has_moved or spell.ended_on == settled_on) for spell in _spells(arrears))
        found[loan_id] = (*found.get(loan_id, ()), *spells)
    return found


def observed_from(loans: Sequence[int], on: date) -> dict[int, date]:
    """Since when each of these observed loans is observed, as it was known on a day: its last restructuring that stands, or its payout."""
    return dict(_asked(_OBSERVED, on, loans)) if loans else {}


def due_dates(loans: Sequence[int]) -> dict[int, tuple[date, ...]]:
    """The due dates of the newest plan of each loan, by id."""
    plans = Schedule.objects.filter(loan__in=loans).order_by("loan_id", "-version").distinct("loan_id")
    return {loan_id: tuple(dues) for loan_id, dues in plans.values_list("loan_id", "due_dates")} if loans else {}


def _asked(query: str, on: date, loans: Sequence[int] | None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"on": on, "loans": None if loans is None else list(loans)})
        return list(cursor.fetchall())
