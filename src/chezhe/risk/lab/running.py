"""What the worker does for a backtest, outside any transaction: write the book, judge it twice, read what changed.

The book holds facts about people: it is written into a folder that is gone when the backtest is over. Invented books hold none and stay.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as files  # type: ignore[import-untyped]
import structlog
from django.conf import settings

from chezhe.compliance import queries as compliance_queries
from chezhe.risk.deciding import assembling
from chezhe.risk.deciding.values import Bounds
from chezhe.risk.facts.catalogue import CATALOGUE
from chezhe.risk.lab import books, bulk, comparing, engines, steps, trying
from chezhe.risk.lab.books import Book
from chezhe.risk.lab.comparing import SIDES, Sides
from chezhe.risk.lab.figures import parameters_of
from chezhe.risk.lab.models import INVENTED, Backtest
from chezhe.risk.lab.steps import CHANGES_MAX, Report

log = structlog.get_logger("chezhe.risk")


class Stopped(Exception):
    """Somebody has cancelled the backtest."""


def report_on(test: Backtest) -> Report | None:
    """What came of a backtest; None when it was cancelled meanwhile. What cannot be worked out is a report with its trouble."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            return _report(test, Path(folder))
    except Stopped:
        return None
    except trying.Gone as gone:
        return Report(trouble=gone.code)
    except bulk.NotInEngine as odd:
        log.warning("backtest not in engine", number=test.number, code=odd.code, of=odd.of)
        return Report(trouble="not_in_engine")
    except engines.NoSpark:
        return Report(trouble="engine_missing")


def _report(test: Backtest, folder: Path) -> Report:
    both = comparing.sides(trying.strategy(test.champion), trying.strategy(test.challenger))
    _tell(test, 5)
    path = folder / "book.parquet"
    book = _book(test, both, path)
    if not book.applications:
        return Report(trouble="nothing_to_judge", set_aside=book.set_aside)
    _tell(test, 25)
    changed = folder / "changed.parquet"
    with engines.running(test.engine) as engine:
        found = comparing.compared(engine, book.path, both, parameters_of(test.parameters), changed, lambda done: _tell(test, done))
    changes = [_change(row, both) for row in files.read_table(str(changed)).slice(0, CHANGES_MAX).to_pylist()]
    return Report(result=found, applications=book.applications, set_aside=book.set_aside, changes=changes)


def _tell(test: Backtest, done: int) -> None:
    if not steps.progressed(test.number, done):
        raise Stopped


def _book(test: Backtest, both: Sides, path: Path) -> Book:
    codes = sorted({*both.champion.codes(), *both.challenger.codes()})
    if test.book != INVENTED:
        return books.write_past(books.period(test).iterator(chunk_size=500), codes, path)
    # A book of before a fact was in the catalogue has no column for it.
    columns = hashlib.sha256(",".join(CATALOGUE).encode()).hexdigest()[:8]
    kept = Path(settings.VAR) / "lab" / f"covered-{books.INVENTED_ROWS}-{columns}.parquet"
    cover, _ = assembling.cover_on(test.business_date)
    return books.invented(_bounds(test), cover, kept, books.INVENTED_ROWS)


def _bounds(test: Backtest) -> Bounds:
    """The law of the day for a used car bought by a person."""
    lender = compliance_queries.lender()
    return assembling.bounds_on(lender.licence_type, lender.region, books.usual_facts(), test.business_date)[0]


def _change(row: Mapping[str, Any], both: Sides) -> dict[str, Any]:
    """A row of what changed as its table keeps it."""
    champion, challenger = ({name: row[f"{side}_{name}"] for name in comparing.SHOWN} for side in SIDES)
    found: dict[str, Any] = {"decision_id": row["decision"]}
    for suffix, said, judge in (("", champion, both.champion), ("_new", challenger, both.challenger)):
        found |= {f"{name}{suffix}": said[name] for name in ("outcome", "route", "score")}
        found |= {f"tier{suffix}": said["tier"] or "", f"reasons{suffix}": judge.reasons_of(said["reasons"])}
    return found
