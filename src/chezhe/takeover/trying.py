"""The trial of a takeover: everything is read and judged outside any transaction, for a large book takes minutes; then what came of it
is kept at once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chezhe.documents import vault
from chezhe.documents.models import StoredFile
from chezhe.kernel import bulk, business_date, clock, events, moves, values
from chezhe.kernel.actor import Actor
from chezhe.takeover import books, judging, reading, rules, totals
from chezhe.takeover.models import TakenLoan, Takeover, TakeoverFault, TakeoverFile
from chezhe.takeover.rules import Fault, Line, OldLoan
from chezhe.takeover.states import TAKEOVER

CHUNK_LOANS, KEPT_TOGETHER = 1_000, 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of reading these `files` (ids): the loans that could come, in the order of their customers, or what is wrong."""

    files: tuple[int, ...]
    customers: int
    vehicles: int
    loans: int
    good: Sequence[OldLoan]
    faults: Sequence[Fault]


def read(book: Takeover) -> Trial:
    """Read and judge everything; nothing is written. Of a book of 100,000 loans it takes minutes: call it outside a transaction."""
    faults: list[Fault] = []
    kept = books.files_of(book)
    found = judging.read(_lines(kept, faults), book.as_of, faults)
    old = judging.assemble(found, faults)
    around = judging.surroundings(book.as_of, business_date.current())
    good = judging.judge(old, around, faults)
    if not found.rows.get("loans"):
        faults.append(Fault("loans", 1, "", "no_loans"))
    return Trial(
        files=_keys(kept), customers=len(found.customers), vehicles=len(found.vehicles), loans=found.rows.get("loans", 0),
        good=sorted(good, key=lambda one: one.customer.paper), faults=faults,
    )


def keep(book: Takeover, trial: Trial, *, by: Actor) -> Takeover:
    """Keep on a locked book the loans that could come, or what is wrong. A trial that is over, or of other files, changes nothing."""
    if book.status != "trying" or trial.files != _keys(books.files_of(book)):
        return book
    book.customers, book.vehicles, book.loans = trial.customers, trial.vehicles, trial.loans
    book.faults_found, book.tried_at = len(trial.faults), clock.now()
    book.faults.all().delete()
    book.rows.all().delete()
    _keep_faults(book, trial.faults)
    book.found, book.stated, book.chunks = totals.total(trial.good), {}, 0
    if not trial.faults:
        book.chunks = _keep_loans(book, trial.good)
    book.save()
    moves.move(book, TAKEOVER, "refuse" if trial.faults else "accept", by=by)
    events.publish("takeover.tried", book.subject, {"number": book.number, "loans": book.loans, "faults": book.faults_found})
    return book


def _keys(files: Sequence[TakeoverFile]) -> tuple[int, ...]:
    return tuple(kept.pk for kept in files)


def _lines(files: Sequence[TakeoverFile], faults: list[Fault]) -> Iterator[Line]:
    for kept in files:
        file: StoredFile = kept.file
        yield from reading.lines_of(vault.read(file.key), file.original_name, faults)


def _keep_faults(book: Takeover, faults: Sequence[Fault]) -> None:
    TakeoverFault.objects.bulk_create([
        TakeoverFault(takeover=book, sheet=one.sheet, row=one.row, column=one.column, code=one.code, given=one.given,
                      facts=dict(one.facts))
        for one in faults[: judging.FAULTS_MAX]
    ], batch_size=1000)


def _keep_loans(book: Takeover, ordered: Sequence[OldLoan]) -> int:
    """The loans in chunks, those of one customer together; returns how many chunks there are. They are written as they are made, for a
    transaction that keeps the database waiting is ended by it."""
    places = rules.chunks_of([one.customer.paper for one in ordered], CHUNK_LOANS)
    for first in range(0, len(ordered), KEPT_TOGETHER):
        some = slice(first, first + KEPT_TOGETHER)
        bulk.insert([_row(book, one, chunk) for one, chunk in zip(ordered[some], places[some], strict=True)])
    return places[-1] + 1 if places else 0


def _row(book: Takeover, old: OldLoan, chunk: int) -> TakenLoan:
    return TakenLoan(
        takeover=book, old_number=old.loan.number, row=old.loan.row, chunk=chunk, branch_code=old.loan.branch,
        product_code=old.loan.product, content=json.dumps(values.to_json(old), ensure_ascii=False),
        **{f"{name}_stated": fen for name, fen in totals.figures_of(old).items()},
    )
