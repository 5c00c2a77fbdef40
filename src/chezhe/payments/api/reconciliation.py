"""Reconciliation over REST: a day side by side, what is open, and what people decide about it."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from pydantic import Field

from chezhe.finmath.money import Money
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Day, In, Out, Page, Text, Yuan, page_of, page_of_list
from chezhe.kernel.scope import require_whole_house
from chezhe.payments import permissions
from chezhe.payments.actions.accept_match import accept_match
from chezhe.payments.actions.accept_matches import accept_matches
from chezhe.payments.actions.ask_for_settlement_file import ask_for_settlement_file
from chezhe.payments.actions.assign_tally import assign_tally
from chezhe.payments.actions.break_match import break_match
from chezhe.payments.actions.explain_tally import explain_tally
from chezhe.payments.actions.merge_receipt import merge_receipt
from chezhe.payments.actions.reconcile_accounts import reconcile_accounts
from chezhe.payments.actions.refuse_match import refuse_match
from chezhe.payments.actions.reopen_tally import reopen_tally
from chezhe.payments.actions.restore_receipt import restore_receipt
from chezhe.payments.api.banking import router
from chezhe.payments.models import Tally
from chezhe.payments.reconciliation import balances, pages, proposing
from chezhe.payments.reconciliation.balances import AccountDay
from chezhe.payments.reconciliation.proposing import Offer
from chezhe.payments.reconciliation.suggesting import BULK_MIN, CONFIDENCE_MAX


class SideDifferenceOut(Out):
    reason: str
    count: int
    amount: Yuan


class GapOut(Out):
    on: date
    amount: Yuan
    before: bool


class AccountDayOut(Out):
    account: str
    bank_opening: Yuan
    bank_in: Yuan
    bank_out: Yuan
    bank_closing: Yuan
    stated_closing: Yuan | None
    ledger_opening: Yuan
    ledger_in: Yuan
    ledger_out: Yuan
    ledger_closing: Yuan
    difference: Yuan
    differences: list[SideDifferenceOut]
    before_first_statement: Yuan
    waiting_count: int
    waiting: Yuan
    unexplained: Yuan
    gaps: list[GapOut]


class DayOut(Out):
    on: date
    accounts: list[AccountDayOut]


class TallyOut(Out):
    number: str
    account: str
    kind: str
    status: str
    first_on: date
    last_on: date
    difference: Yuan
    how: str
    confidence: int | None
    owner: str
    note: str


class ItemOut(Out):
    side: str
    on: date
    amount: Yuan
    fee: Yuan
    reference: str
    subject: str


class TallyWholeOut(TallyOut):
    sides: list[ItemOut]


class SuggestionOut(Out):
    first_number: str
    second_number: str
    account: str
    confidence: int
    is_rivalled: bool
    reasons: list[str]


class RunOut(Out):
    new_items: int
    agreed: int
    differing: int


class PairIn(In):
    first_number: Text[20]
    second_number: Text[20]
    reason: Text[200] = ""


class TwoIn(In):
    first_number: Text[20]
    second_number: Text[20]


class BulkIn(In):
    on: Day
    confidence_min: Annotated[int, Field(ge=BULK_MIN, le=CONFIDENCE_MAX)]


class AcceptedOut(Out):
    numbers: list[str]


class TallyReasonIn(In):
    reason: Text[300]


class AssignIn(In):
    username: Text[60] = ""
    note: Text[500] = ""


class MergeIn(In):
    tally_number: Text[20]
    bank_serial: Text[64]


class RestoreIn(In):
    bank_serial: Text[64]
    reason: Text[200]


class RestoredOut(Out):
    bank_serial: str
    amount: Yuan
    status: str


class FileDayIn(In):
    day: Day


class FileAskedOut(Out):
    day: date


@router.get("/reconciliation/days/{on}", response=DayOut, summary="Our accounts at the end of a business day, bank beside ledger")
@needs(permissions.VIEW)
def reconciliation_day(request: HttpRequest, on: date) -> dict[str, Any]:
    require_whole_house(request.actor)
    return {"on": on, "accounts": [_account_day(day) for day in balances.day_of(on)]}


@router.post("/reconciliation/runs", response={201: RunOut}, summary="Take in what is new on any side and join what bears one number")
@needs(permissions.RECONCILE)
def run_reconciliation(request: HttpRequest) -> tuple[int, Any]:
    found = reconcile_accounts(by=request.actor).found
    return 201, {"new_items": found.items, "agreed": found.agreed, "differing": found.differing}


@router.get("/reconciliation/tallies", response=Page[TallyOut], summary="Movements of money and how the sides differ, newest first")
@needs(permissions.VIEW)
def tallies(
    request: HttpRequest, only_open: bool = False, kind: str = "", account: str = "", cursor: str = "", limit: int = PAGE_SIZE,
) -> dict[str, Any]:
    rows = Tally.objects.visible_to(request.actor).select_related("owner")
    rows = rows.filter(status="open").exclude(kind="") if only_open else rows
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(account=account) if account else rows
    return page_of(rows, cursor, limit, _tally)


@router.get("/reconciliation/tallies/{number}", response=TallyWholeOut, summary="One of them with everything the sides say")
@needs(permissions.VIEW)
def tally(request: HttpRequest, number: str) -> dict[str, Any]:
    found = Tally.objects.visible_to(request.actor).select_related("owner").fetch(number)
    return {**_tally(found), "sides": list(found.items.order_by("id"))}


@router.get("/reconciliation/suggestions", response=Page[SuggestionOut], summary="What may be the same money, the surest first")
@needs(permissions.VIEW)
def suggestions(request: HttpRequest, on: date | None = None, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    require_whole_house(request.actor)
    return page_of_list(proposing.offers(on or business_date.current()), cursor, limit, _suggestion)


@router.post("/reconciliation/matches", response={201: TallyOut}, summary="Accept a suggestion, or join two by hand for a reason")
@needs(permissions.RECONCILE)
def accept(request: HttpRequest, payload: PairIn) -> tuple[int, Any]:
    return 201, _tally(accept_match(
        first_number=payload.first_number, second_number=payload.second_number, reason=payload.reason, by=request.actor))


@router.post("/reconciliation/matches/bulk", response=AcceptedOut, summary="Accept every sure suggestion that has no rival")
@needs(permissions.RECONCILE)
def accept_bulk(request: HttpRequest, payload: BulkIn) -> Any:
    return accept_matches(on=payload.on, confidence_min=payload.confidence_min, by=request.actor)


@router.post("/reconciliation/refusals", response={201: TallyOut}, summary="Two that look alike are not the same money")
@needs(permissions.RECONCILE)
def refuse(request: HttpRequest, payload: TwoIn) -> tuple[int, Any]:
    return 201, _tally(refuse_match(first_number=payload.first_number, second_number=payload.second_number, by=request.actor))


@router.post("/reconciliation/tallies/{number}/break", response=TallyOut, summary="Undo a match")
@needs(permissions.RECONCILE)
def break_one(request: HttpRequest, number: str, payload: TallyReasonIn) -> dict[str, Any]:
    return _tally(break_match(tally_number=number, reason=payload.reason, by=request.actor))


@router.post("/reconciliation/tallies/{number}/explain", response=TallyOut, summary="Take an exception off the list for a reason")
@needs(permissions.RECONCILE)
def explain(request: HttpRequest, number: str, payload: TallyReasonIn) -> dict[str, Any]:
    return _tally(explain_tally(tally_number=number, reason=payload.reason, by=request.actor))


@router.post("/reconciliation/tallies/{number}/reopen", response=TallyOut, summary="Put an explained exception back on the list")
@needs(permissions.RECONCILE)
def reopen(request: HttpRequest, number: str, payload: TallyReasonIn) -> dict[str, Any]:
    return _tally(reopen_tally(tally_number=number, reason=payload.reason, by=request.actor))


@router.post("/reconciliation/tallies/{number}/assign", response=TallyOut, summary="Name who looks after an exception")
@needs(permissions.RECONCILE)
def assign(request: HttpRequest, number: str, payload: AssignIn) -> dict[str, Any]:
    return _tally(assign_tally(tally_number=number, username=payload.username, note=payload.note, by=request.actor))


@router.post("/reconciliation/channel-files", response={202: FileAskedOut}, summary="Let the worker fetch the channel's file of a day")
@needs(permissions.RECONCILE)
def fetch_channel_file(request: HttpRequest, payload: FileDayIn) -> tuple[int, Any]:
    return 202, ask_for_settlement_file(day=payload.day, by=request.actor)


@router.post("/reconciliation/merged-receipts", response={201: TallyOut}, summary="The ledger had this receipt before the statement")
@needs(permissions.MERGE_RECEIPT)
def merge(request: HttpRequest, payload: MergeIn) -> tuple[int, Any]:
    return 201, _tally(merge_receipt(tally_number=payload.tally_number, bank_serial=payload.bank_serial, by=request.actor))


@router.post("/reconciliation/restored-receipts", response={201: RestoredOut}, summary="Undo a merge or a receipt taken back")
@needs(permissions.MERGE_RECEIPT)
def restore(request: HttpRequest, payload: RestoreIn) -> tuple[int, Any]:
    return 201, restore_receipt(bank_serial=payload.bank_serial, reason=payload.reason, by=request.actor)


def _account_day(day: AccountDay) -> dict[str, Any]:
    bank, books = day.bank, day.ledger_flow
    return {
        "account": day.account.code, "bank_opening": Money(bank.opening_fen), "bank_in": Money(bank.flow.in_fen),
        "bank_out": Money(bank.flow.out_fen), "bank_closing": Money(bank.closing_fen),
        "stated_closing": None if bank.stated_fen is None else Money(bank.stated_fen), "ledger_opening": day.ledger_opening,
        "ledger_in": Money(books.in_fen), "ledger_out": Money(books.out_fen), "ledger_closing": day.ledger_closing,
        "difference": day.difference,
        "differences": [{"reason": reason, "count": count, "amount": amount} for reason, count, amount in day.by_reason],
        "before_first_statement": Money(bank.anchor_fen), "waiting_count": day.waiting_count, "waiting": Money(day.waiting_fen),
        "unexplained": day.unexplained, "gaps": [{"on": gap.on, "amount": Money(gap.fen), "before": gap.before} for gap in bank.gaps],
    }


def _tally(row: Tally) -> dict[str, Any]:
    same = ("number", "account", "kind", "status", "first_on", "last_on", "difference", "how", "confidence", "note")
    return {"owner": row.owner.username if row.owner else "", **{name: getattr(row, name) for name in same}}


def _suggestion(offer: Offer) -> dict[str, Any]:
    return {
        "first_number": offer.first.number, "second_number": offer.second.number, "account": offer.first.account,
        "confidence": offer.confidence, "is_rivalled": offer.is_rivalled,
        "reasons": [pages.reason_words(reason.code, reason.given) for reason in offer.said.reasons],
    }
