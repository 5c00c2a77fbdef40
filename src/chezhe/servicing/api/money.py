"""Money that comes in and is taken back, over REST."""

from typing import Any, Literal

from django.http import HttpRequest

from chezhe.finmath.allocation import TransactionKind
from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import Amount, Day, In, Out, Text, Whole, Yuan
from chezhe.servicing import permissions
from chezhe.servicing.actions.grant_subsidy import grant_subsidy
from chezhe.servicing.actions.match_receipt import match_receipt
from chezhe.servicing.actions.post_bank_file import post_bank_file
from chezhe.servicing.actions.prepay_loan import prepay_loan
from chezhe.servicing.actions.record_insurance_proceeds import record_insurance_proceeds
from chezhe.servicing.actions.record_repayment import record_repayment
from chezhe.servicing.actions.settle_loan import settle_loan
from chezhe.servicing.actions.take_back_receipt import take_back_receipt
from chezhe.servicing.actions.take_deposit import take_deposit
from chezhe.servicing.api.loans import EventOut, event_out, router
from chezhe.servicing.receipts import CounterReceipt

Channel = Literal["bank", "cash"]


class _ReceiptIn(In):
    amount: Amount
    channel: Channel
    reference: Text[40]
    payer: Text[100] = ""
    memo: Text[200] = ""


class ArrivalIn(_ReceiptIn):
    paid_on: Day


class RepaymentIn(ArrivalIn):
    transaction: Literal["repayment", "direct_debit", "disposal"] = "repayment"


class PrepaymentIn(_ReceiptIn):
    paid_on: Day | None = None
    mode: Literal["reduce_instalment", "shorten_term"]


class SettlementIn(_ReceiptIn):
    paid_on: Day | None = None


class SubsidyIn(In):
    period: Whole


class ReasonIn(In):
    reason: Text[300]


class MatchIn(In):
    loan_number: Text[40]
    reason: Text[300]


class TakenBackIn(In):
    tally_number: Text[20]
    bank_serial: Text[64]
    reason: Text[200]


class TakenBackOut(Out):
    bank_serial: str
    amount: Yuan
    status: str


class PostedFileOut(Out):
    number: str
    posted: int
    parked: int
    known: int


@router.post("/loans/{number}/repayments", response={201: EventOut}, summary="Register a repayment")
@needs(permissions.RECORD_REPAYMENT)
def repay(request: HttpRequest, number: str, payload: RepaymentIn) -> tuple[int, dict[str, Any]]:
    receipt = repayment_of(payload)
    return 201, event_out(record_repayment(loan_number=number, receipt=receipt, by=request.actor))


@router.post("/loans/{number}/prepayments", response={201: EventOut}, summary="Prepay principal, today or on the day on which it came")
@needs(permissions.PREPAY)
def prepay(request: HttpRequest, number: str, payload: PrepaymentIn) -> tuple[int, dict[str, Any]]:
    receipt = receipt_of(payload, paid_on=payload.paid_on or business_date.current(), kind="prepaid", mode=PrepaymentMode(payload.mode))
    return 201, event_out(prepay_loan(loan_number=number, receipt=receipt, by=request.actor))


@router.post("/loans/{number}/settlement", response={201: EventOut}, summary="Settle a loan for exactly the sum quoted for its day")
@needs(permissions.SETTLE)
def settle(request: HttpRequest, number: str, payload: SettlementIn) -> tuple[int, dict[str, Any]]:
    receipt = receipt_of(payload, paid_on=payload.paid_on or business_date.current(), kind="settled")
    return 201, event_out(settle_loan(loan_number=number, receipt=receipt, by=request.actor))


@router.post("/loans/{number}/deposits", response={201: EventOut}, summary="Take security from the borrower")
@needs(permissions.TAKE_DEPOSIT)
def deposit(request: HttpRequest, number: str, payload: ArrivalIn) -> tuple[int, dict[str, Any]]:
    receipt = receipt_of(payload, paid_on=payload.paid_on, kind="deposited")
    return 201, event_out(take_deposit(loan_number=number, receipt=receipt, by=request.actor))


@router.post("/loans/{number}/insurance-proceeds", response={201: EventOut}, summary="Take an insurer's payment")
@needs(permissions.RECORD_INSURANCE)
def insurance(request: HttpRequest, number: str, payload: ArrivalIn) -> tuple[int, dict[str, Any]]:
    receipt = receipt_of(payload, paid_on=payload.paid_on, kind="insured")
    return 201, event_out(record_insurance_proceeds(loan_number=number, receipt=receipt, by=request.actor))


@router.post("/loans/{number}/subsidies", response={201: EventOut}, summary="Note the treasury's part of an instalment's interest")
@needs(permissions.GRANT_SUBSIDY)
def subsidy(request: HttpRequest, number: str, payload: SubsidyIn) -> tuple[int, dict[str, Any]]:
    return 201, event_out(grant_subsidy(loan_number=number, period=payload.period, by=request.actor))


@router.post("/bank-files/{number}/post", response=PostedFileOut, summary="Post the lines of a bank file to loans")
@needs(permissions.POST_BANK_FILE)
def post_file(request: HttpRequest, number: str) -> Any:
    return post_bank_file(file_number=number, by=request.actor)


@router.post("/bank-lines/{serial}/match", response={201: EventOut}, summary="Claim a waiting receipt for a loan")
@needs(permissions.MATCH_RECEIPT)
def match(request: HttpRequest, serial: str, payload: MatchIn) -> tuple[int, dict[str, Any]]:
    done = match_receipt(bank_serial_number=serial, loan_number=payload.loan_number, reason=payload.reason, by=request.actor)
    return 201, event_out(done)


@router.post("/taken-back-receipts", response=TakenBackOut, summary="The bank took a receipt back: reverse what it paid")
@needs(permissions.REVERSE)
def taken_back(request: HttpRequest, payload: TakenBackIn) -> dict[str, Any]:
    receipt = take_back_receipt(tally_number=payload.tally_number, bank_serial=payload.bank_serial, reason=payload.reason, by=request.actor)
    return {"bank_serial": receipt.bank_serial, "amount": receipt.amount, "status": receipt.status}


def repayment_of(payload: RepaymentIn) -> CounterReceipt:
    """A repayment as the action takes it."""
    return receipt_of(payload, paid_on=payload.paid_on, transaction=TransactionKind(payload.transaction))


def receipt_of(payload: _ReceiptIn, **more: Any) -> CounterReceipt:
    """What a clerk registers, as the actions take it."""
    return CounterReceipt(
        amount=payload.amount, channel=payload.channel, reference=payload.reference, payer=payload.payer, memo=payload.memo, **more
    )
