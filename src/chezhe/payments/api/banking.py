"""Payouts, bank notices and statements over REST."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import File, Form, Router, UploadedFile

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import In, Out, Page, Text, Yuan, page_of
from chezhe.payments import permissions, queries
from chezhe.payments.actions.import_bank_file import import_bank_file
from chezhe.payments.actions.resolve_notice import resolve_notice
from chezhe.payments.actions.retry_payout import retry_payout
from chezhe.payments.models import BankFile, BankLine, BankNotice, Payout
from chezhe.payments.vocabulary import fault_sentence

router = Router()


class PayoutOut(Out):
    number: str
    reference: str
    status: str
    way: str
    amount: Yuan
    payee_name: str
    payee_tail: str
    memo: str
    attempt: int
    bank_serial: str
    failure_code: str
    requested_at: datetime
    sent_at: datetime | None
    settled_at: datetime | None


class RetryIn(In):
    reason: Text[300]


class ResolutionIn(In):
    resolution: Text[200]


class NoticeOut(Out):
    notice_id: str
    bank_reference: str
    outcome: str
    amount: Yuan
    verdict: str
    received_at: datetime
    resolution: str


class BankFileOut(Out):
    number: str
    name: str
    account: str
    line_count: int
    amount: Yuan
    imported_at: datetime


class ImportedOut(Out):
    file: BankFileOut
    new_lines: int
    known_lines: int
    new_others: int


class FaultOut(Out):
    row: int
    column: str
    code: str
    message: str


class RowOut(Out):
    row: int
    value_on: date
    amount: Yuan
    bank_serial: str
    loan_number: str
    is_known: bool


class TakenBackOut(Out):
    value_on: date
    amount: Yuan
    bank_serial: str


class PreviewOut(Out):
    rows: list[RowOut]
    faults: list[FaultOut]
    taken_back: list[TakenBackOut]
    amount: Yuan
    new_lines: int
    new_amount: Yuan
    account: str
    new_others: int
    new_out: Yuan


class LineOut(Out):
    file_number: str
    row: int
    value_on: date
    amount: Yuan
    bank_serial: str
    payer: str
    payer_account: str
    memo: str
    status: str
    matched_subject: str
    outcome: str


@router.get("/payouts", response=Page[PayoutOut], summary="Payouts, newest first")
@needs(permissions.VIEW)
def payouts(request: HttpRequest, status: str = "", reference: str = "", cursor: str = "", limit: int = 50) -> dict[str, Any]:
    rows = Payout.objects.visible_to(request.actor)
    rows = rows.filter(status=status) if status else rows
    rows = rows.filter(reference=reference) if reference else rows
    return page_of(rows, cursor, limit, _payout)


@router.get("/payouts/{number}", response=PayoutOut, summary="One payout")
@needs(permissions.VIEW)
def payout(request: HttpRequest, number: str) -> dict[str, Any]:
    return _payout(Payout.objects.visible_to(request.actor).fetch(number))


@router.post("/payouts/{number}/retry", response=PayoutOut, summary="Send a failed payout again")
@needs(permissions.RETRY_PAYOUT)
def retry(request: HttpRequest, number: str, payload: RetryIn) -> dict[str, Any]:
    return _payout(retry_payout(payout_number=number, reason=payload.reason, by=request.actor))


@router.get("/notices", response=Page[NoticeOut], summary="What the bank called back with, newest first")
@needs(permissions.VIEW)
def notices(request: HttpRequest, only_open: bool = False, cursor: str = "", limit: int = 50) -> dict[str, Any]:
    rows = queries.troubling_notices(request.actor) if only_open else BankNotice.objects.visible_to(request.actor)
    return page_of(rows, cursor, limit, NoticeOut.from_orm)


@router.post("/notices/{notice_id}/resolve", response=NoticeOut, summary="Clear up a troubling notice")
@needs(permissions.RESOLVE_NOTICE)
def resolve(request: HttpRequest, notice_id: str, payload: ResolutionIn) -> BankNotice:
    return resolve_notice(notice_number=notice_id, resolution=payload.resolution, by=request.actor)


@router.get("/bank-files", response=Page[BankFileOut], summary="Imported statements, newest first")
@needs(permissions.VIEW)
def bank_files(request: HttpRequest, cursor: str = "", limit: int = 50) -> dict[str, Any]:
    rows = BankFile.objects.visible_to(request.actor)
    return page_of(rows, cursor, limit, BankFileOut.from_orm)


@router.post(
    "/bank-files", response={200: PreviewOut, 201: ImportedOut},
    summary="Import a statement (multipart); with dry_run nothing is written and every row is judged",
)
@needs(permissions.IMPORT_BANK_FILE)
def new_bank_file(
    request: HttpRequest, file: File[UploadedFile], dry_run: Form[bool] = False, account: Form[Literal["", "1002.01", "1002.02"]] = "",
) -> tuple[int, dict[str, Any]]:
    content, name = file.read(), file.name or ""
    if dry_run:
        return 200, _preview(queries.preview(content, name=name, on=business_date.current(), account=account))
    done = import_bank_file(content=content, name=name, account=account, by=request.actor)
    return 201, {"file": done.file, "new_lines": done.new_lines, "known_lines": done.known_lines, "new_others": done.new_others}


@router.get("/bank-files/{number}", response=BankFileOut, summary="One statement")
@needs(permissions.VIEW)
def bank_file(request: HttpRequest, number: str) -> BankFile:
    return BankFile.objects.visible_to(request.actor).fetch(number)


@router.get("/bank-lines", response=Page[LineOut], summary="Lines of statements, newest first")
@needs(permissions.VIEW)
def bank_lines(request: HttpRequest, status: str = "", file_number: str = "", cursor: str = "", limit: int = 50) -> dict[str, Any]:
    rows = BankLine.objects.visible_to(request.actor).select_related("file")
    rows = rows.filter(status=status) if status else rows
    rows = rows.filter(file__number=file_number) if file_number else rows
    return page_of(rows, cursor, limit, _line)


def _payout(row: Payout) -> dict[str, Any]:
    same = ("number", "reference", "status", "way", "amount", "payee_tail", "memo", "attempt", "bank_serial", "failure_code",
            "requested_at", "sent_at", "settled_at")
    return {"payee_name": row.masked_name, **{name: getattr(row, name) for name in same}}


def _line(line: BankLine) -> dict[str, Any]:
    same = ("value_on", "amount", "bank_serial", "memo", "status", "matched_subject", "outcome")
    return {"file_number": line.file.number, "row": line.row_number, "payer": line.masked_payer, "payer_account": line.masked_account,
            **{name: getattr(line, name) for name in same}}


def _preview(tried: queries.Preview) -> dict[str, Any]:
    rows = [
        {"row": r.row_number, "value_on": r.value_on, "amount": r.amount, "bank_serial": r.bank_serial, "loan_number": r.loan_number,
         "is_known": r.bank_serial in tried.known_serials}
        for r in tried.receipts
    ]
    faults = [{"row": f.row_number, "column": f.column, "code": f.code, "message": fault_sentence(f)} for f in tried.faults]
    back = [{"value_on": row.value_on, "amount": row.amount, "bank_serial": row.bank_serial} for row in tried.taken_back]
    return {
        "rows": rows, "faults": faults, "taken_back": back, "amount": tried.amount, "new_lines": len(tried.fresh),
        "new_amount": tried.fresh_amount, "account": tried.account, "new_others": len(tried.fresh_others), "new_out": tried.fresh_out,
    }
