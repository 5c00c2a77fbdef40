"""What the doors of money would do, over REST: the same body as the real door, the same refusals, and nothing is written."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpRequest

from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.ledger import bookings
from chezhe.ledger.wire import EntriesOut
from chezhe.payments.models import BankFile, BankLine, Tally
from chezhe.servicing import bank_lines, batch_previews, counter, judging, permissions, previews, reversals, reversing
from chezhe.servicing.api.loans import fetch, router
from chezhe.servicing.api.money import (
    ArrivalIn,
    MatchIn,
    PrepaymentIn,
    ReasonIn,
    RepaymentIn,
    SettlementIn,
    SubsidyIn,
    TakenBackIn,
    receipt_of,
    repayment_of,
)
from chezhe.servicing.api.previewed import BatchPreviewOut, PreviewOut, batch_out, preview_out
from chezhe.servicing.models import Loan, Repricing
from chezhe.servicing.receipts import CounterReceipt
from chezhe.servicing.repricing import previewing
from chezhe.servicing.steps import News


def would(request: HttpRequest, number: str, judge: Callable[[Loan, date], News]) -> dict[str, Any]:
    """The dry run of what `judge` lets in today."""
    loan, today = fetch(request, number), business_date.current()
    return preview_out(loan, previews.preview_news(loan, judge(loan, today), today))


def _at_counter(request: HttpRequest, number: str, receipt: CounterReceipt, verb: str) -> dict[str, Any]:
    def judge(loan: Loan, _today: date) -> News:
        counter.judge(loan, receipt, kind=receipt.kind, verb=verb)
        return receipt.money

    return would(request, number, judge)


@router.post("/loans/{number}/repayments/preview", response=PreviewOut, summary="What a repayment would do; nothing is written")
@needs(permissions.RECORD_REPAYMENT)
def repayment(request: HttpRequest, number: str, payload: RepaymentIn) -> dict[str, Any]:
    return _at_counter(request, number, repayment_of(payload), "repay")


@router.post("/loans/{number}/deposits/preview", response=PreviewOut, summary="What taking a deposit would do; nothing is written")
@needs(permissions.TAKE_DEPOSIT)
def deposit(request: HttpRequest, number: str, payload: ArrivalIn) -> dict[str, Any]:
    return _at_counter(request, number, receipt_of(payload, paid_on=payload.paid_on, kind="deposited"), "deposit")


@router.post(
    "/loans/{number}/insurance-proceeds/preview", response=PreviewOut, summary="What an insurer's payment would do; nothing is written",
)
@needs(permissions.RECORD_INSURANCE)
def insurance(request: HttpRequest, number: str, payload: ArrivalIn) -> dict[str, Any]:
    return _at_counter(request, number, receipt_of(payload, paid_on=payload.paid_on, kind="insured"), "repay")


@router.post("/loans/{number}/prepayments/preview", response=PreviewOut, summary="What a prepayment would do; nothing is written")
@needs(permissions.PREPAY)
def prepayment(request: HttpRequest, number: str, payload: PrepaymentIn) -> dict[str, Any]:
    receipt = receipt_of(payload, paid_on=payload.paid_on or business_date.current(), kind="prepaid", mode=PrepaymentMode(payload.mode))
    return would(request, number, lambda loan, today: judging.prepayment(loan, receipt, today))


@router.post("/loans/{number}/settlement/preview", response=PreviewOut, summary="What settling today would do; nothing is written")
@needs(permissions.SETTLE)
def settlement(request: HttpRequest, number: str, payload: SettlementIn) -> dict[str, Any]:
    receipt = receipt_of(payload, paid_on=payload.paid_on or business_date.current(), kind="settled")
    return would(request, number, lambda loan, today: judging.settlement(loan, receipt, today))


@router.post("/loans/{number}/subsidies/preview", response=PreviewOut, summary="What an interest subsidy would do; nothing is written")
@needs(permissions.GRANT_SUBSIDY)
def subsidy(request: HttpRequest, number: str, payload: SubsidyIn) -> dict[str, Any]:
    return would(request, number, lambda loan, today: judging.subsidy(loan, payload.period, today))


@router.post(
    "/loans/{number}/events/{event_id}/reverse/preview", response=PreviewOut,
    summary="What taking a payment back would do; nothing is written",
)
@needs(permissions.REVERSE)
def reversal(request: HttpRequest, number: str, event_id: int, payload: ReasonIn) -> dict[str, Any]:
    loan = fetch(request, number)
    event = reversals.require(loan, event_id)
    reversals.require_reason(payload.reason)
    return preview_out(loan, reversing.preview(loan, event, business_date.current()))


@router.post("/bank-files/{number}/post/preview", response=BatchPreviewOut, summary="What posting a bank file would do; nothing is written")
@needs(permissions.POST_BANK_FILE)
def bank_file(request: HttpRequest, number: str) -> dict[str, Any]:
    found = BankFile.objects.visible_to(request.actor).fetch(number)
    return batch_out(batch_previews.of_bank_file(found, business_date.current(), by=request.actor))


@router.post("/bank-lines/{serial}/match/preview", response=PreviewOut, summary="What claiming a receipt would do; nothing is written")
@needs(permissions.MATCH_RECEIPT)
def match(request: HttpRequest, serial: str, payload: MatchIn) -> dict[str, Any]:
    line = BankLine.objects.visible_to(request.actor).fetch(serial)
    bank_lines.require_claim(line, payload.reason)
    loan, news = bank_lines.judge(line, payload.loan_number, by=request.actor)
    return preview_out(loan, previews.preview_news(loan, news, business_date.current()))


@router.post("/taken-back-receipts/preview", response=EntriesOut, summary="What reversing a receipt that the bank took back would book")
@needs(permissions.REVERSE)
def taken_back(request: HttpRequest, payload: TakenBackIn) -> dict[str, Any]:
    tally = Tally.objects.visible_to(request.actor).fetch(payload.tally_number)
    reversals.require_reason(payload.reason)
    receipt = BankLine.objects.visible_to(request.actor).fetch(payload.bank_serial)
    return {"bookings": bookings.told(reversing.taken_back(tally, receipt, business_date.current(), by=request.actor).bookings)}


@router.post("/repricings/{number}/retry/preview", response=BatchPreviewOut, summary="What trying the failed loans again would do")
@needs(permissions.REVERSE_REPRICING)
def retry(request: HttpRequest, number: str) -> dict[str, Any]:
    row = Repricing.objects.visible_to(request.actor).fetch(number)
    return batch_out(previewing.of_retry(row, business_date.current()))


@router.post("/repricings/{number}/reverse/preview", response=BatchPreviewOut, summary="What taking a batch back as a whole would do")
@needs(permissions.REVERSE_REPRICING)
def reverse_batch(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    row = Repricing.objects.visible_to(request.actor).fetch(number)
    return batch_out(previewing.of_reversal(row, payload.reason, business_date.current()))
