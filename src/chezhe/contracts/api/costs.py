"""Cost sheets and up-front fees over REST."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest

from chezhe.contracts import permissions, queries
from chezhe.contracts.actions.confirm_cost_sheet import ON_SCREEN, confirm_cost_sheet
from chezhe.contracts.actions.open_cost_sheet import open_cost_sheet
from chezhe.contracts.actions.receive_upfront_fee import receive_upfront_fee
from chezhe.contracts.actions.renew_cost_sheet import renew_cost_sheet
from chezhe.contracts.actions.return_upfront_fee import return_upfront_fee
from chezhe.contracts.api.contracts import ContractOut, ReasonIn, contract_out, router
from chezhe.contracts.costs import queries as cost_queries
from chezhe.contracts.costs import receiving
from chezhe.contracts.costs.receiving import Payment
from chezhe.contracts.models import Contract, CostSheet, FeeReceipt
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import Amount, Day, Fraction, In, Out, Text, Yuan
from chezhe.ledger import bookings
from chezhe.ledger.wire import EntriesOut


class CostItemOut(Out):
    code: str
    label: str
    payee: str
    payee_kind: str
    when: str
    standard: str
    amount: Yuan | None
    added: str
    is_counted: bool
    is_refundable: bool
    is_contingent: bool
    amount_max: Yuan | None


class CostConfirmationOut(Out):
    confirmed_on: date
    confirmed_at: datetime
    channel: str
    dwell_seconds: int | None
    digest: str


class CostSheetOut(Out):
    """The sheet that counts: every item, what it comes to a year, the digest of the file, and its confirmation."""

    version: int
    kind: str
    code: str
    pdf_sha256: str
    document_id: str
    costs: list[CostItemOut]
    cost: Yuan
    all_in_simple: Fraction | None
    all_in_compound: Fraction | None
    issued_at: datetime
    confirmation: CostConfirmationOut | None


class CostReadingOut(Out):
    reading: str
    code: str
    opened_at: datetime
    seconds_asked: int


class DeviceIn(In):
    device_mark: Text[64] = ""


class ReadIn(In):
    reading: Text[32]
    code: Text[19]


class UpfrontIn(In):
    codes: list[Text[40]]
    amount: Amount
    paid_on: Day
    channel: Literal["bank", "cash"]
    reference: Text[60]


class UpfrontOut(Out):
    codes: list[str]
    amount: Yuan
    paid_on: date
    channel: str
    reference: str
    entry: str
    returned_on: date | None


@router.get("/contracts/{number}/cost-sheet", response=CostSheetOut, summary="The cost sheet that counts, item by item")
@needs(permissions.VIEW)
def cost_sheet_of(request: HttpRequest, number: str) -> dict[str, Any]:
    return _sheet(cost_queries.require_sheet(queries.contract(number, request.actor)))


@router.post("/contracts/{number}/cost-sheet/open", response={201: CostReadingOut}, summary="Open the sheet for the borrower to read")
@needs(permissions.READ_COST_SHEET)
def open_sheet(request: HttpRequest, number: str, payload: DeviceIn) -> tuple[int, dict[str, Any]]:
    reading = open_cost_sheet(contract_number=number, device_mark=payload.device_mark, by=request.actor)
    asked = cost_queries.seconds_asked(business_date.current())
    return 201, {"reading": reading.key, "code": reading.sheet.code, "opened_at": reading.opened_at, "seconds_asked": asked}


@router.post("/contracts/{number}/cost-sheet/confirm", response=ContractOut, summary="Confirm a sheet that was read on a screen")
@needs(permissions.CONFIRM_COSTS)
def confirm_read(request: HttpRequest, number: str, payload: ReadIn) -> dict[str, Any]:
    today = business_date.current()
    confirm_cost_sheet(contract_number=number, confirmed_on=today, channel=ON_SCREEN, reading=payload.reading, code=payload.code,
                       business_date=today, by=request.actor)
    return contract_out(request, number)


@router.post("/contracts/{number}/cost-sheet/renew", response={202: ContractOut}, summary="Print the sheet anew before anybody signed")
@needs(permissions.PREPARE)
def renew_sheet(request: HttpRequest, number: str, payload: ReasonIn) -> tuple[int, dict[str, Any]]:
    renew_cost_sheet(contract_number=number, reason=payload.reason, by=request.actor)
    return 202, contract_out(request, number)


@router.post("/contracts/{number}/upfront-fees", response={201: UpfrontOut}, summary="Receive up-front fees of the confirmed sheet")
@needs(permissions.RECEIVE_FEE)
def receive_fee(request: HttpRequest, number: str, payload: UpfrontIn) -> tuple[int, dict[str, Any]]:
    made = receive_upfront_fee(contract_number=number, payment=_payment(payload), business_date=business_date.current(), by=request.actor)
    return 201, _receipt(made, None)


@router.post("/contracts/{number}/upfront-fees/preview", response=EntriesOut, summary="What receiving up-front fees would book")
@needs(permissions.RECEIVE_FEE)
def preview_fee(request: HttpRequest, number: str, payload: UpfrontIn) -> dict[str, Any]:
    today = business_date.current()
    judged = receiving.judge(Contract.objects.visible_to(request.actor).fetch(number), _payment(payload), today)
    return {"bookings": bookings.told(judged.bookings(today))}


@router.post("/contracts/{number}/upfront-fees/{entry}/return", response=UpfrontOut, summary="Give up-front fees back")
@needs(permissions.RETURN_FEE)
def return_fee(request: HttpRequest, number: str, entry: str, payload: ReasonIn) -> dict[str, Any]:
    today = business_date.current()
    given_back = return_upfront_fee(
        contract_number=number, entry_number=entry, reason=payload.reason, business_date=today, by=request.actor)
    return _receipt(given_back.receipt, given_back.returned_on)


@router.post("/contracts/{number}/upfront-fees/{entry}/return/preview", response=EntriesOut, summary="What giving fees back would book")
@needs(permissions.RETURN_FEE)
def preview_return(request: HttpRequest, number: str, entry: str, payload: ReasonIn) -> dict[str, Any]:
    receipt = cost_queries.receipt(Contract.objects.visible_to(request.actor).fetch(number), entry)
    return {"bookings": bookings.told(receiving.judge_return(receipt, business_date.current()))}


def _payment(payload: UpfrontIn) -> Payment:
    return Payment(codes=tuple(payload.codes), amount=payload.amount, paid_on=payload.paid_on, channel=payload.channel,
                   reference=payload.reference)


def _receipt(made: FeeReceipt, returned_on: date | None) -> dict[str, Any]:
    same = ("codes", "amount", "paid_on", "channel", "reference")
    return {"entry": made.entry.number, "returned_on": returned_on, **{name: getattr(made, name) for name in same}}


def _sheet(sheet: CostSheet) -> dict[str, Any]:
    same = ("version", "kind", "code", "pdf_sha256", "cost", "all_in_simple", "all_in_compound", "issued_at")
    of_item = ("code", "label", "payee", "payee_kind", "when", "standard", "amount", "added", "is_counted", "is_refundable",
               "is_contingent", "amount_max")
    said = getattr(sheet, "confirmation", None)
    of_confirmation = ("confirmed_on", "confirmed_at", "channel", "dwell_seconds", "digest")
    return {
        "document_id": str(sheet.paper.file.key), "costs": [{name: getattr(item, name) for name in of_item} for item in sheet.listed],
        "confirmation": {name: getattr(said, name) for name in of_confirmation} if said else None,
        **{name: getattr(sheet, name) for name in same},
    }
