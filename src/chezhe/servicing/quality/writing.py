"""A run's lines go in by COPY, however many; what it adds up to and how the allowance moved comes back by one statement each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import connection

from chezhe.finmath.level import RATE_SCALE
from chezhe.ledger import chart
from chezhe.servicing.quality import progress
from chezhe.servicing.quality.grading import Graded
from chezhe.servicing.quality.losses import Losses
from chezhe.servicing.quality.progress import Tell
from chezhe.servicing.quality.rules import CLASSES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[Any]

_COPY = """
COPY servicing_provisionline (run_id, loan_id, product_id, branch_id, days_past_due, grades, asset_class, stage, exposure, loss_share,
  discount, expected_loss, regulatory, allowance) FROM STDIN
"""
# Both runs loan by loan; a loan that is gone was paid off, or written off.
_MOVES = """
WITH both_runs AS (
  SELECT loan_id, o.asset_class AS class_before, o.stage AS stage_before, c.asset_class AS class_after, c.stage AS stage_after,
         o.allowance AS before, c.allowance AS after
    FROM (SELECT loan_id, asset_class, stage, allowance FROM servicing_provisionline WHERE run_id = %(before)s) o
    FULL JOIN (SELECT loan_id, asset_class, stage, allowance FROM servicing_provisionline WHERE run_id = %(run)s) c USING (loan_id)
), gone AS (
  SELECT e.loan_id FROM servicing_loanevent e JOIN both_runs b ON b.loan_id = e.loan_id AND b.after IS NULL
   WHERE e.kind = 'written_off' AND NOT EXISTS (SELECT FROM servicing_loanevent r WHERE r.reverses_id = e.id) GROUP BY 1
)
SELECT class_before, stage_before, class_after, stage_after, gone.loan_id IS NOT NULL, count(*),
       coalesce(sum(before), 0)::bigint, coalesce(sum(after), 0)::bigint
  FROM both_runs LEFT JOIN gone USING (loan_id) GROUP BY 1, 2, 3, 4, 5
"""
# What stands on the allowance account by product and branch; a loan's own entries (a write-off) count for its product.
_STANDING = """
SELECT coalesce(p.code, substring(t.owner FROM '^provision:(.*)$'), ''), j.branch_id,
       sum(CASE WHEN t.credit_account_id = a.id THEN t.amount_fen ELSE -t.amount_fen END)::bigint
  FROM ledger_account a JOIN ledger_transfer t ON a.id IN (t.debit_account_id, t.credit_account_id)
  JOIN ledger_journalentry j ON j.id = t.entry_id LEFT JOIN servicing_loan l ON t.owner = 'loan:' || l.number
  LEFT JOIN products_productversion v ON v.id = l.product_version_id LEFT JOIN products_product p ON p.id = v.product_id
 WHERE a.code = %(account)s AND j.posted_on <= %(on)s AND j.id <= %(last)s GROUP BY 1, 2
"""
# Everything that moved the allowance account from one stand to another: its event and the account on the other side.
_BOOKED = """
SELECT j.event, CASE WHEN t.credit_account_id = a.id THEN d.code ELSE c.code END,
       sum(CASE WHEN t.credit_account_id = a.id THEN t.amount_fen ELSE -t.amount_fen END)::bigint
  FROM ledger_account a JOIN ledger_transfer t ON a.id IN (t.debit_account_id, t.credit_account_id)
  JOIN ledger_journalentry j ON j.id = t.entry_id JOIN ledger_account d ON d.id = t.debit_account_id
  JOIN ledger_account c ON c.id = t.credit_account_id
 WHERE a.code = %(account)s AND j.posted_on <= %(on)s AND j.id <= %(last)s
   AND NOT (j.posted_on <= %(on_before)s AND j.id <= %(last_before)s) GROUP BY 1, 2
"""
Key = tuple[str, int | None]
"""Product code and branch id."""
MAX_ID = 2**63 - 1


TOLD_EVERY = 20_000


def write_lines(run_id: int, graded: Graded, losses: Losses, regulatory_fen: Ints, allowance_fen: Ints, tell: Tell) -> None:
    """One row a loan; `tell` hears how many are written."""
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for at, text in enumerate(_lines(run_id, graded, losses, regulatory_fen, allowance_fen)):
            if at % TOLD_EVERY == 0:
                tell(progress.WRITING, at, len(graded.columns))
            copy.write(text)


def _lines(run_id: int, graded: Graded, losses: Losses, regulatory_fen: Ints, allowance_fen: Ints) -> Iterator[str]:
    columns, grades = graded.columns, graded.grades
    rows = zip(
        columns.ids.tolist(), columns.product.tolist(), columns.branch.tolist(), columns.dpd.tolist(), grades.by_reason.T.tolist(),
        grades.asset_class.tolist(), grades.stage.tolist(), columns.exposure_fen.tolist(), losses.loss_units.tolist(),
        losses.discount_units.tolist(), losses.expected_fen.tolist(), regulatory_fen.tolist(), allowance_fen.tolist(), strict=True,
    )
    for loan, product, branch, dpd, given, asset_class, stage, exposure, loss, discount, expected, regulatory, allowance in rows:
        reasons = ",".join(map(str, given))
        yield (
            f"{run_id}\t{loan}\t{product}\t{branch}\t{dpd}\t{{{reasons}}}\t{CLASSES[asset_class].value}\t{stage}\t{exposure}\t"
            f"{_fraction(loss)}\t{_fraction(discount)}\t{expected}\t{regulatory}\t{allowance}\n"
        )


def _fraction(units: int) -> str:
    return f"{units // RATE_SCALE}.{units % RATE_SCALE:010d}"


def moves_between(before: int | None, run: int) -> list[tuple[Any, ...]]:
    """Class and stage before and after, whether written off, how many loans, allowance before and after; None where not in a run."""
    return asked(_MOVES, before=before, run=run)


@dataclass(frozen=True, slots=True)
class Stand:
    """The books as they stood at some moment at the end of `on`: `last` is the last entry that was written by then.

    Two runs may be posted on one day, since a closed month sends both to the first open one.
    """

    on: date
    last: int = MAX_ID


NOTHING = Stand(date.min, 0)


def standing_allowance(at: Stand) -> dict[Key, int]:
    """Fen on the allowance account, by product code and branch; '' is what belongs to no product."""
    rows = asked(_STANDING, account=chart.PROVISION, on=at.on, last=at.last)
    return {(product, branch): fen for product, branch, fen in rows if fen}


def booked(before: Stand, at: Stand) -> list[tuple[str, str, int]]:
    """Event, account on the other side, fen (an increase of the allowance is positive)."""
    return [(event, other, fen) for event, other, fen in asked(
        _BOOKED, account=chart.PROVISION, on=at.on, last=at.last, on_before=before.on, last_before=before.last)]


def asked(query: str, **values: Any) -> list[tuple[Any, ...]]:
    """The rows that the database answers."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())
