"""Where a loan stood after its newest event, kept beside the events: the next one begins there instead of at the payout.

A checkpoint is a memory and never the truth. It is read only if it knows the newest event that the fold reads (a late receipt,
a reversal or a decision makes it old at once, without anybody telling it) and was written by this very code; the night proves it
with the rest (`servicing.proof`).
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
from django.db.models import OuterRef, QuerySet, Subquery

from chezhe import finmath, products, servicing
from chezhe.kernel import bulk
from chezhe.kernel.composed import Composed, Question
from chezhe.servicing import position as positions
from chezhe.servicing.models import Checkpoint, Loan, LoanEvent
from chezhe.servicing.position import Position

SILENT_KINDS = ("aged", "off_book")
"""What a night tells of a loan; the fold knows it without being told."""

_ONE_EACH = "loan"
_packed, _unpacked = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(Position).decode


def of(loan: Loan) -> Position | None:
    """How the loan stood after its newest event; None when nobody knows without living its life again."""
    return question(loan).answer()


def question(loan: Loan) -> Question[Position | None]:
    """`of`, for who asks more in the same trip; the loan must have been locked by an earlier statement."""
    return Question(_OF, (loan.pk,), lambda found: None if found is None else _read(found))


def of_many(loans: Iterable[Loan]) -> dict[int, Position]:
    """By loan id, as far as they are known; one query."""
    chosen = _fresh(Checkpoint.objects.filter(loan__in=[loan.pk for loan in loans]))
    return {loan_id: _read(position) for loan_id, position in chosen.values_list("loan_id", "position")}


def after(event: LoanEvent, position: Position) -> Checkpoint:
    """How a locked loan stands after its newest event; to be kept."""
    return Checkpoint(loan_id=event.loan_id, reference=event.reference, form=_FORM, position=_written(position))


def keep(made: Sequence[Checkpoint]) -> None:
    """Remember them in place of those before."""
    bulk.put(made, by=_ONE_EACH)


def keeping(made: Checkpoint) -> bulk.Change:
    """The statement of `keep`, for who writes more with it."""
    return bulk.putting([made], by=_ONE_EACH)


def _written(position: Position) -> bytes:
    """A sixth of what it is unpacked, and PostgreSQL need not try to make it smaller."""
    return zlib.compress(_packed(position), level=1)


def _read(kept: bytes) -> Position:
    return _unpacked(zlib.decompress(kept))


def _form() -> str:
    """The code between the rows and a position, this file's among it: another code may mean something else by the same words."""
    code = hashlib.sha256()
    for room in (servicing, positions, products, finmath):
        for path in sorted(Path(str(room.__file__)).parent.glob("*.py")):
            code.update(path.read_bytes())
    return code.hexdigest()[:16]


def _fresh(chosen: QuerySet[Checkpoint]) -> QuerySet[Checkpoint]:
    told = LoanEvent.objects.filter(loan=OuterRef("loan")).exclude(kind__in=SILENT_KINDS).order_by("-id").values("reference")[:1]
    return chosen.filter(form=_FORM, reference=Subquery(told))


_FORM = _form()
_OF: Composed[Any] = Composed(lambda mark: _fresh(Checkpoint.objects.filter(loan_id=mark)).values_list("position"), -1)
