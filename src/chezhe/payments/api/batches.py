"""Payouts in files over REST."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import File, Form, UploadedFile

from chezhe.kernel.doors import needs
from chezhe.kernel.rest import In, Out, Page, Text, Yuan, keep_no_answer, page_of
from chezhe.payments import permissions
from chezhe.payments.actions.discard_batch import discard_batch
from chezhe.payments.actions.import_batch_answer import import_batch_answer
from chezhe.payments.actions.make_batch import make_batch
from chezhe.payments.actions.send_batch import send_batch
from chezhe.payments.actions.take_batch_file import take_batch_file
from chezhe.payments.api.banking import router
from chezhe.payments.batches import queries
from chezhe.payments.batches.models import PayoutBatch
from chezhe.payments.batches.queries import Told


class BatchRowOut(Out):
    number: str
    status: str
    count: int
    amount: Yuan
    made_by: str
    made_at: datetime
    sent_by: str
    sent_at: datetime | None
    by_hand: bool
    acknowledged_at: datetime | None
    answered_at: datetime | None


class BatchLineOut(Out):
    place: int
    payout_number: str
    bank_reference: str
    amount: Yuan
    status: str
    outcome: str


class BatchOut(BatchRowOut):
    lines: list[BatchLineOut]


class SendIn(In):
    by_hand: bool = False


class DiscardIn(In):
    reason: Text[200]


class BatchFileOut(Out):
    name: str
    content: str


class ToldOut(Out):
    row: int
    reference: str
    amount: Yuan
    outcome: str
    fits: bool


class AnswerTriedOut(Out):
    rows: list[ToldOut]


class AnswerTakenOut(Out):
    applied: int
    known: int
    troubling: int
    batch: BatchRowOut


@router.get("/batches", response=Page[BatchRowOut], summary="Batches of payouts, newest first")
@needs(permissions.VIEW)
def batches(request: HttpRequest, status: str = "", cursor: str = "", limit: int = 50) -> dict[str, Any]:
    rows = queries.batches(request.actor)
    return page_of(rows.filter(status=status) if status else rows, cursor, limit, _row)


@router.post("/batches", response={201: BatchOut}, summary="Put every payout that waits for it into one file (first person)")
@needs(permissions.MAKE_BATCH)
def make(request: HttpRequest) -> tuple[int, dict[str, Any]]:
    return 201, _batch(request, make_batch(by=request.actor).number)


@router.get("/batches/{number}", response=BatchOut, summary="One batch with its lines")
@needs(permissions.VIEW)
def batch(request: HttpRequest, number: str) -> dict[str, Any]:
    return _batch(request, number)


@router.post("/batches/{number}/send", response=BatchOut, summary="Let a batch leave for the bank (second person)")
@needs(permissions.SEND_BATCH)
def send(request: HttpRequest, number: str, payload: SendIn | None = None) -> dict[str, Any]:
    send_batch(batch_number=number, by_hand=payload.by_hand if payload else False, by=request.actor)
    return _batch(request, number)


@router.post("/batches/{number}/discard", response=BatchOut, summary="Give a batch up that has not left")
@needs(permissions.MAKE_BATCH)
def discard(request: HttpRequest, number: str, payload: DiscardIn) -> dict[str, Any]:
    discard_batch(batch_number=number, reason=payload.reason, by=request.actor)
    return _batch(request, number)


@router.post("/batches/{number}/file", response=BatchFileOut, summary="Take the file with whole account numbers; it stays in the trail")
@needs(permissions.MAKE_BATCH)
def take_file(request: HttpRequest, number: str) -> dict[str, Any]:
    keep_no_answer(request)
    taken = take_batch_file(batch_number=number, by=request.actor)
    return {"name": f"{taken.batch.number}.csv", "content": taken.content.decode("utf-8-sig")}


@router.post(
    "/batches/{number}/answer", response={200: AnswerTriedOut, 201: AnswerTakenOut},
    summary="Take in the bank's answer (multipart), each line once; with dry_run nothing is written and every row is judged",
)
@needs(permissions.IMPORT_BATCH_ANSWER)
def take_answer(
    request: HttpRequest, number: str, file: File[UploadedFile], dry_run: Form[bool] = False
) -> tuple[int, dict[str, Any]]:
    content, found = file.read(), queries.batches(request.actor).fetch(number)
    if dry_run:
        return 200, {"rows": [_told(told) for told in queries.answer_in(content, found)]}
    done = import_batch_answer(batch_number=number, content=content, name=file.name or "", by=request.actor)
    found = queries.batches(request.actor).fetch(number)
    return 201, {"applied": done.applied, "known": done.known, "troubling": done.troubling, "batch": _row(found)}


def _told(told: Told) -> dict[str, Any]:
    answer = told.answer
    return {"row": answer.row_number, "reference": answer.reference, "amount": answer.amount, "outcome": answer.outcome, "fits": told.fits}


def _row(found: PayoutBatch) -> dict[str, Any]:
    same = ("number", "status", "count", "amount", "made_at", "sent_at", "by_hand", "acknowledged_at", "answered_at")
    return {"made_by": found.made_by_name, "sent_by": found.sent_by_name, **{name: getattr(found, name) for name in same}}


def _batch(request: HttpRequest, number: str) -> dict[str, Any]:
    found = queries.batches(request.actor).fetch(number)
    lines = [
        {"place": line.place, "payout_number": line.payout.number, "bank_reference": line.bank_reference, "amount": line.payout.amount,
         "status": line.payout.status, "outcome": line.outcome}
        for line in queries.lines_of(found)
    ]
    return {**_row(found), "lines": lines}
