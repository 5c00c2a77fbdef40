"""Mandates, orders to collect and the channel's settlements over REST."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest

from chezhe.kernel.doors import needs
from chezhe.kernel.rest import Amount, Day, In, Out, Page, Text, Yuan, page_of
from chezhe.payments import permissions
from chezhe.payments.actions.resume_mandate import resume_mandate
from chezhe.payments.actions.revoke_mandate import revoke_mandate
from chezhe.payments.actions.sign_mandate import sign_mandate
from chezhe.payments.api.banking import router
from chezhe.payments.debits.mandates import Signature
from chezhe.payments.debits.models import ChannelSettlement, Debit, Mandate


class MandateOut(Out):
    number: str
    status: str
    customer_number: str
    account_tail: str
    bank_name: str
    signed_on: date
    debit_max: Yuan
    day_max: Yuan
    stop_code: str
    ended_at: datetime | None


class MandateIn(In):
    customer_number: Text[40]
    account_tail: Text[4] = ""
    debit_max: Amount
    day_max: Amount
    signed_on: Day
    evidence: Text[80]
    channel: Literal["paper", "e_sign", "online", "recording"] = "paper"


class MandateReasonIn(In):
    reason: Text[200]


class DebitOut(Out):
    reference: str
    claim: str
    status: str
    amount: Yuan
    collected: Yuan
    fee: Yuan
    failure_code: str
    mandate_number: str
    requested_at: datetime
    sent_at: datetime | None
    finished_at: datetime | None


class DifferenceOut(Out):
    reference: str
    kind: str
    ours: str
    theirs: str


class ChannelSettlementOut(Out):
    number: str
    day: date
    status: str
    lines: int
    gross: Yuan
    fee: Yuan
    net: Yuan
    differences: list[DifferenceOut]
    settled_at: datetime | None


@router.get("/mandates", response=Page[MandateOut], summary="Mandates for direct debit, newest first")
@needs(permissions.VIEW_MANDATES)
def mandates(request: HttpRequest, customer_number: str = "", status: str = "", cursor: str = "", limit: int = 50) -> dict[str, Any]:
    rows = Mandate.objects.visible_to(request.actor).naming("customer", "account")
    rows = rows.filter(customer__number=customer_number) if customer_number else rows
    rows = rows.filter(status=status) if status else rows
    return page_of(rows, cursor, limit, _mandate)


@router.post("/mandates", response={201: MandateOut}, summary="Keep a mandate that a customer signed; one that stands is replaced")
@needs(permissions.SIGN_MANDATE)
def new_mandate(request: HttpRequest, payload: MandateIn) -> tuple[int, dict[str, Any]]:
    signature = Signature(
        account_tail=payload.account_tail, debit_max=payload.debit_max, day_max=payload.day_max, signed_on=payload.signed_on,
        evidence=payload.evidence, channel=payload.channel,
    )
    return 201, _mandate(sign_mandate(customer_number=payload.customer_number, signature=signature, by=request.actor))


@router.get("/mandates/{number}", response=MandateOut, summary="One mandate")
@needs(permissions.VIEW_MANDATES)
def mandate(request: HttpRequest, number: str) -> dict[str, Any]:
    return _mandate(Mandate.objects.visible_to(request.actor).naming("customer", "account").fetch(number))


@router.post("/mandates/{number}/revoke", response=MandateOut, summary="The customer ends a mandate")
@needs(permissions.REVOKE_MANDATE)
def revoke(request: HttpRequest, number: str, payload: MandateReasonIn) -> dict[str, Any]:
    return _mandate(revoke_mandate(mandate_number=number, reason=payload.reason, by=request.actor))


@router.post("/mandates/{number}/resume", response=MandateOut, summary="Collect again under a mandate that a failure had stopped")
@needs(permissions.RESUME_MANDATE)
def resume(request: HttpRequest, number: str, payload: MandateReasonIn) -> dict[str, Any]:
    return _mandate(resume_mandate(mandate_number=number, reason=payload.reason, by=request.actor))


@router.get("/debits", response=Page[DebitOut], summary="Orders to the direct-debit channel, newest first")
@needs(permissions.VIEW)
def debits(request: HttpRequest, status: str = "", claim: str = "", cursor: str = "", limit: int = 50) -> dict[str, Any]:
    rows = Debit.objects.visible_to(request.actor).select_related("mandate")
    rows = rows.filter(status=status) if status else rows
    rows = rows.filter(claim=claim) if claim else rows
    return page_of(rows, cursor, limit, _debit)


@router.get("/channel-settlements", response=Page[ChannelSettlementOut], summary="Days of the direct-debit channel, newest first")
@needs(permissions.VIEW)
def settlements(request: HttpRequest, cursor: str = "", limit: int = 50) -> dict[str, Any]:
    return page_of(ChannelSettlement.objects.visible_to(request.actor), cursor, limit, ChannelSettlementOut.from_orm)


def _mandate(row: Mandate) -> dict[str, Any]:
    same = ("number", "status", "signed_on", "debit_max", "day_max", "stop_code", "ended_at")
    return {"customer_number": row.customer.number, "account_tail": row.account.tail, "bank_name": row.account.bank_name,
            **{name: getattr(row, name) for name in same}}


def _debit(row: Debit) -> dict[str, Any]:
    same = ("reference", "claim", "status", "amount", "collected", "fee", "failure_code", "requested_at", "sent_at", "finished_at")
    return {"mandate_number": row.mandate.number, **{name: getattr(row, name) for name in same}}
