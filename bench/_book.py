"""A book of any size without its papers: loans and plans by COPY, from a few hundred kinds of terms, at random ages.

What a row says is what the actions would have left: `check` folds some of them and compares every column.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db import connection, transaction

from chezhe.finmath import schedule
from chezhe.finmath.allocation import AllocationRule
from chezhe.finmath.contract import ContractTerms
from chezhe.finmath.penalty import PenaltyRule
from chezhe.finmath.settlement import SettlementRule
from chezhe.finmath.terms import DayCount, Method, QuoteTerms, Row
from chezhe.kernel import values
from chezhe.servicing import rules
from chezhe.servicing.accruals import columns_of
from chezhe.servicing.position import Incoming, Position, fold

BRANCHES, KINDS, AGES_DAYS = 20, 240, 700
OVERDUE_SHARE = 0.05
LOAN_COLUMNS = (
    "id", "number", "status", "principal", "annual_rate", "periods", "paid_out_on", "matures_on", "as_of", "next_event_on", "next_due_on",
    "recognised", "principal_left", "principal_due", "interest_due", "fee_due", "unapplied", "deposit", "oldest_due_on", "runs_on",
    "off_book_after_days", "is_off_book", "accrued_out", "accrual_basis", "accrual_denominator", "accrual_weight", "accrual_origin",
    "contract_id", "customer_id", "product_version_id", "branch_id", "owner_id",
)
PLAN_COLUMNS = ("loan_id", "version", "effective_on", "due_dates", "principal_fen", "interest_fen", "fee_fen", "terms")


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of loan at one age: its terms, its plan, and how it stands on the day the book is made for."""

    terms: ContractTerms
    rows: tuple[Row, ...]
    paid_out_on: date
    came: tuple[Incoming, ...]
    position: Position
    cache: rules.Cache


def fill(count: int, today: date, *, seed: int = 7, is_shuffled: bool = True, due_next: float = 0.0) -> list[Kind]:
    """Put `count` active loans into the empty tables, as they stand on the morning of `today`.

    A house that lends every day has its loans in the order in which they were paid out, so that those of one due day lie
    together; `is_shuffled` strews every kind over the whole table, the worst that can be. Of all kinds `due_next` (a share) fall
    due on the next morning.
    """
    rng = Random(seed)
    kinds = [_kind(rng, today, is_due_next=number < due_next * KINDS) for number in range(KINDS)]
    if not is_shuffled:
        kinds.sort(key=lambda kind: kind.paid_out_on)
    kind_of = [number % KINDS if is_shuffled else (number - 1) * KINDS // count for number in range(count + 1)]
    versions = _ids("SELECT id FROM products_productversion WHERE status = 'published' ORDER BY id")
    branches = _ids("SELECT id FROM staff_branch ORDER BY id")
    with transaction.atomic(), connection.cursor() as cursor:
        # The papers behind a loan (contract, customer, owner) are not part of what is measured.
        cursor.execute("SET LOCAL session_replication_role = replica")
        with cursor.copy(f"COPY servicing_loan ({', '.join(LOAN_COLUMNS)}) FROM STDIN") as copy:
            for number in range(1, count + 1):
                copy.write(_loan_line(number, kinds[kind_of[number]], versions, branches))
        plans = [_plan_text(kind) for kind in kinds]
        with cursor.copy(f"COPY servicing_schedule ({', '.join(PLAN_COLUMNS)}) FROM STDIN") as copy:
            for number in range(1, count + 1):
                copy.write(f"{number}\t{plans[kind_of[number]]}\n")
        _write_groups(cursor)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE servicing_loan")
        cursor.execute("VACUUM ANALYZE servicing_schedule")
    return kinds


def _kind(rng: Random, today: date, *, is_due_next: bool = False) -> Kind:
    paid_out_on = today - timedelta(days=rng.randrange(1, AGES_DAYS))
    if is_due_next:
        paid_out_on = paid_out_on.replace(day=(today + timedelta(days=1)).day)
    method = rng.choice((Method.EQUAL_INSTALMENT, Method.EQUAL_INSTALMENT, Method.FLAT_EQUAL, Method.INTEREST_ONLY_BULLET))
    is_flat = method is Method.FLAT_EQUAL
    plan = QuoteTerms(
        principal_fen=rng.randrange(3_000_000, 30_000_000, 10_000), method=method, periods=rng.choice((24, 36, 36, 48, 60)),
        annual_rate=None if is_flat else Decimal(rng.randrange(600, 1800)) / 10_000,
        flat_monthly_rate=Decimal("0.0065") if is_flat else None, start_date=paid_out_on,
        day_count=rng.choice((DayCount.THIRTY_360, DayCount.ACT_360)),
    )
    terms = ContractTerms(
        plan=plan, penalty=PenaltyRule(annual_rate=Decimal("0.18")), allocation=AllocationRule(), settlement=SettlementRule()
    )
    rows = schedule.build(plan)
    came = tuple(_payments(rng, rows, today))
    opening = rules.opening(terms, rules.arrays(rows), paid_out_on, rules.Promised())
    position, _ = fold(opening, came, today)
    return Kind(terms, rows, paid_out_on, came, position, rules.cache(position))


def _payments(rng: Random, rows: tuple[Row, ...], today: date) -> Iterator[Incoming]:
    """Most pay on the day; one in twenty stops at some time. Some pay a few days ahead."""
    stops = rng.randrange(1, 24) if rng.random() < OVERDUE_SHARE else len(rows)
    ahead = rng.choice((0, 0, 0, 3))
    for row in rows[:stops]:
        on = row.due_date - timedelta(days=ahead)
        if on < today:
            yield Incoming(on=on, source="1002.01", amount_fen=row.total_fen)


def _loan_line(number: int, kind: Kind, versions: list[int], branches: list[int]) -> str:
    cache = kind.cache
    basis, denominator, weight, origin = columns_of(cache.share)
    rate = kind.terms.plan.annual_rate
    cells: list[Any] = [
        number, f"B{number:09d}", "active", kind.terms.plan.principal_fen, rate, len(kind.rows), kind.paid_out_on,
        kind.rows[-1].due_date, cache.as_of, cache.next_event_on, cache.next_due_on, cache.recognised, cache.principal_left,
        cache.principal_due, cache.interest_due, cache.fee_due, cache.unapplied, 0, cache.oldest_due_on, rules.runs_on(kind.terms), 90,
        "t" if cache.is_off_book else "f", cache.accrued_out, basis, denominator, weight, origin, number, number,
        versions[number % len(versions)], branches[number % len(branches)], 1,
    ]
    return "\t".join("\\N" if cell is None else str(cell) for cell in cells) + "\n"


def _plan_text(kind: Kind) -> str:
    stored = rules.arrays(kind.rows)
    arrays = (stored.due_dates, stored.principal_fen, stored.interest_fen, stored.fee_fen)
    terms = _json(values.to_json(kind.terms)).replace("\\", "\\\\")
    return "\t".join(["1", str(kind.paid_out_on), *("{" + ",".join(str(cell) for cell in array) + "}" for array in arrays), terms])


def _json(value: Any) -> str:
    import json

    return json.dumps(value)


def _write_groups(cursor: Any) -> None:
    """The accrual's groups as the sums of the shares, and nothing posted yet beyond them."""
    cursor.execute(
        "INSERT INTO servicing_accrualchange (product_version_id, branch_id, basis, denominator, weight, origin) "
        "SELECT product_version_id, branch_id, accrual_basis, accrual_denominator, sum(accrual_weight), sum(accrual_origin) "
        "FROM servicing_loan GROUP BY 1, 2, 3, 4"
    )


def _ids(query: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [row[0] for row in cursor.fetchall()]
