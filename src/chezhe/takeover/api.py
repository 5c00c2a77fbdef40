"""Taking a book over, over REST."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import File, Router, UploadedFile
from pydantic import Field

from chezhe.finmath.money import Money
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Day, In, Out, Page, Text, Yuan, page_of
from chezhe.kernel.scope import require_whole_house
from chezhe.ledger import bookings
from chezhe.ledger.wire import EntriesOut
from chezhe.takeover import books, pages, permissions, reconciling
from chezhe.takeover.actions.add_book_file import add_book_file
from chezhe.takeover.actions.approve_book import approve_book
from chezhe.takeover.actions.begin_book import begin_book
from chezhe.takeover.actions.discard_book import discard_book
from chezhe.takeover.actions.drop_book_file import drop_book_file
from chezhe.takeover.actions.fund_book import fund_book
from chezhe.takeover.actions.resume_book import resume_book
from chezhe.takeover.actions.return_book import return_book
from chezhe.takeover.actions.start_trial import start_trial
from chezhe.takeover.actions.state_totals import state_totals
from chezhe.takeover.actions.submit_book import submit_book
from chezhe.takeover.models import STATED, TakenLoan, Takeover, TakeoverFault
from chezhe.takeover.totals import FIGURES, Stated, key_of

router = Router()


class BeginIn(In):
    title: Text[60]
    as_of: Day


class ReasonIn(In):
    reason: Text[300]


class TotalIn(In):
    branch: Text[20]
    product: Text[20]
    count: int = Field(ge=0)
    principal: Yuan
    interest: Yuan
    fee: Yuan
    penalty: Yuan
    unapplied: Yuan
    deposit: Yuan


class TotalsIn(In):
    totals: list[TotalIn] = Field(max_length=2_000)


class FundIn(In):
    account: Text[20]
    amount: Yuan


class BookFileOut(Out):
    key: str
    name: str


class BookOut(Out):
    number: str
    status: str
    title: str
    as_of: date
    begun_by: str
    begun_at: datetime
    tried_at: datetime | None
    customers: int
    vehicles: int
    loans: int
    faults: int
    chunks: int
    chunks_done: int
    approved_by: str
    approved_at: datetime | None
    finished_at: datetime | None


class DifferenceOut(Out):
    branch: str
    product: str
    figure: str
    found: int
    stated: int


class ComparedOut(Out):
    item: str
    stated: Yuan
    ours: Yuan
    ledger: Yuan | None
    difference: Yuan


class BookResultOut(BookOut):
    files: list[BookFileOut]
    differences: list[DifferenceOut]
    compared: list[ComparedOut]
    clearing: Yuan


class BookFaultOut(Out):
    sheet: str
    row: int
    column: str
    code: str
    given: str
    message: str


class BookLoanOut(Out):
    old_number: str
    status: str
    loan: str | None
    branch: str
    product: str
    stated: dict[str, Yuan]
    ours: dict[str, Yuan]
    code: str
    reason: str


@router.get("/books", response=Page[BookOut], summary="Books taken over, newest first")
@needs(permissions.VIEW)
def all_books(request: HttpRequest, status: str = "", cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    rows = Takeover.objects.visible_to(request.actor)
    return page_of(rows.filter(status=status) if status else rows, cursor, limit, _book)


@router.post("/books", response={201: BookOut}, summary="Begin to take a book over")
@needs(permissions.PREPARE)
def begin(request: HttpRequest, payload: BeginIn) -> tuple[int, dict[str, Any]]:
    return 201, _book(begin_book(as_of=payload.as_of, title=payload.title, by=request.actor))


@router.get("/books/{number}", response=BookResultOut, summary="One book: files, totals (counts and fen), reconciliation")
@needs(permissions.VIEW)
def book(request: HttpRequest, number: str) -> dict[str, Any]:
    return _result(_fetch(request, number))


@router.post("/books/{number}/files", response={201: BookFileOut}, summary="Add a workbook or a CSV")
@needs(permissions.PREPARE)
def add_file(request: HttpRequest, number: str, file: File[UploadedFile]) -> tuple[int, dict[str, Any]]:
    kept = add_book_file(takeover_number=number, upload=file, by=request.actor)
    return 201, {"key": str(kept.file.key), "name": kept.file.original_name}


@router.post("/books/{number}/files/{key}/drop", response=BookFileOut, summary="Leave a file out")
@needs(permissions.PREPARE)
def drop_file(request: HttpRequest, number: str, key: str) -> dict[str, Any]:
    kept = drop_book_file(takeover_number=number, key=key, by=request.actor)
    return {"key": str(kept.file.key), "name": kept.file.original_name}


@router.post("/books/{number}/trial", response={202: BookOut}, summary="Try the files; nothing of the business is written")
@needs(permissions.PREPARE)
def trial(request: HttpRequest, number: str) -> tuple[int, dict[str, Any]]:
    return 202, _book(start_trial(takeover_number=number, by=request.actor))


@router.get("/books/{number}/faults", response=Page[BookFaultOut], summary="What the trial found wrong, row by row")
@needs(permissions.VIEW)
def faults(request: HttpRequest, number: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    rows = TakeoverFault.objects.filter(takeover=_fetch(request, number))
    return page_of(rows, cursor, limit, _fault, newest_first=False)


@router.post("/books/{number}/totals", response=BookResultOut, summary="State the control totals of the old system")
@needs(permissions.PREPARE)
def totals(request: HttpRequest, number: str, payload: TotalsIn) -> dict[str, Any]:
    stated = {
        key_of(row.branch, row.product): {"count": row.count, **{name: getattr(row, name).fen for name in FIGURES[1:]}}
        for row in payload.totals
    }
    return _result(state_totals(takeover_number=number, stated=Stated(stated), by=request.actor))


@router.post("/books/{number}/submit", response=BookOut, summary="Hand it to a second person; totals must agree")
@needs(permissions.PREPARE)
def submit(request: HttpRequest, number: str) -> dict[str, Any]:
    return _book(submit_book(takeover_number=number, by=request.actor))


@router.post("/books/{number}/return", response=BookOut, summary="Give it back to who prepared it")
@needs(permissions.APPROVE)
def give_back(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _book(return_book(takeover_number=number, reason=payload.reason, by=request.actor))


@router.post("/books/{number}/discard", response=BookOut, summary="Put it aside before anything was taken")
@needs(permissions.PREPARE)
def discard(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _book(discard_book(takeover_number=number, reason=payload.reason, by=request.actor))


@router.post("/books/{number}/approve", response={202: BookOut}, summary="Let it go (second person); the worker takes the loans")
@needs(permissions.APPROVE)
def approve(request: HttpRequest, number: str) -> tuple[int, dict[str, Any]]:
    return 202, _book(approve_book(takeover_number=number, by=request.actor))


@router.post("/books/{number}/resume", response={202: BookOut}, summary="Go on where it stopped, or try refused loans again")
@needs(permissions.PREPARE)
def resume(request: HttpRequest, number: str) -> tuple[int, dict[str, Any]]:
    return 202, _book(resume_book(takeover_number=number, by=request.actor))


@router.get("/books/{number}/loans", response=Page[BookLoanOut], summary="The reconciliation, loan by loan")
@needs(permissions.VIEW)
def loans(request: HttpRequest, number: str, status: str = "", cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    rows = TakenLoan.objects.filter(takeover=_fetch(request, number)).select_related("loan").defer("content")
    return page_of(rows.filter(status=status) if status else rows, cursor, limit, _loan, newest_first=False)


@router.post("/books/{number}/fund", response=BookResultOut, summary="Book the clearing against its source of money")
@needs(permissions.FUND)
def fund(request: HttpRequest, number: str, payload: FundIn) -> dict[str, Any]:
    return _result(fund_book(takeover_number=number, account=payload.account, amount=payload.amount, by=request.actor))


@router.post("/books/{number}/fund/preview", response=EntriesOut, summary="What naming a source of money would book; nothing is written")
@needs(permissions.FUND)
def preview_fund(request: HttpRequest, number: str, payload: FundIn) -> dict[str, Any]:
    require_whole_house(request.actor)
    return {"bookings": bookings.told(reconciling.would_fund(_fetch(request, number), payload.account, payload.amount))}


def _fetch(request: HttpRequest, number: str) -> Takeover:
    return Takeover.objects.visible_to(request.actor).fetch(number)


def _book(row: Takeover) -> dict[str, Any]:
    same = ("number", "status", "title", "as_of", "begun_at", "tried_at", "customers", "vehicles", "loans", "chunks", "approved_at",
            "finished_at")
    return {
        **{name: getattr(row, name) for name in same}, "begun_by": row.begun_by_name, "faults": row.faults_found,
        "chunks_done": row.done.filter(attempt=row.attempt).count(), "approved_by": row.approved_by_name,
    }


def _result(row: Takeover) -> dict[str, Any]:
    differing = books.differences_of(row) if row.stated else []
    return {
        **_book(row), "files": [{"key": str(kept.file.key), "name": kept.file.original_name} for kept in books.files_of(row)],
        "differences": [
            {"branch": one.key.partition("|")[0], "product": one.key.partition("|")[2], "figure": one.figure, "found": one.found,
             "stated": one.stated} for one in differing
        ],
        "compared": [
            {"item": one.item, "stated": Money(one.stated), "ours": Money(one.ours), "difference": Money(one.difference),
             "ledger": None if one.ledger is None else Money(one.ledger)} for one in reconciling.compared(row)
        ],
        "clearing": reconciling.clearing_of(row),
    }


def _fault(row: TakeoverFault) -> dict[str, Any]:
    same = ("sheet", "row", "column", "code", "given")
    return {**{name: getattr(row, name) for name in same}, "message": pages.sentence_of(row)}


def _loan(row: TakenLoan) -> dict[str, Any]:
    is_taken = row.status == "taken"
    return {
        "old_number": row.old_number, "status": row.status, "loan": row.loan.number if row.loan else None,
        "branch": row.branch_code, "product": row.product_code, "stated": {name: getattr(row, f"{name}_stated") for name in STATED},
        "ours": {name: getattr(row, f"{name}_ours") for name in STATED} if is_taken else {}, "code": row.code,
        "reason": pages.reason_of(row),
    }
