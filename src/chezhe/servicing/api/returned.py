"""A payout that came back, over REST."""

from typing import Any

from django.http import HttpRequest

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import Out
from chezhe.ledger import bookings
from chezhe.servicing import permissions, returned
from chezhe.servicing.actions.undo_payout import undo_payout
from chezhe.servicing.api.loans import router
from chezhe.servicing.api.money import ReasonIn
from chezhe.servicing.api.previewed import PreviewOut, preview_out
from chezhe.servicing.models import Loan


class UndonePayoutOut(Out):
    loan: str
    status: str
    contract: str


@router.post("/loans/{number}/undo-payout", response=UndonePayoutOut, summary="Take the activation back: the money came back and stays")
@needs(permissions.UNDO_PAYOUT)
def undo(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    loan = undo_payout(loan_number=number, reason=payload.reason, by=request.actor)
    return {"loan": loan.number, "status": loan.status, "contract": loan.contract.number}


@router.post("/loans/{number}/undo-payout/preview", response=PreviewOut, summary="What taking the activation back would do")
@needs(permissions.UNDO_PAYOUT)
def preview_undo(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    loan = Loan.objects.visible_to(request.actor).select_related("contract", "product_version__product").fetch(number)
    said, booked = returned.preview(loan, payload.reason, business_date.current())
    return {**preview_out(loan, said), "bookings": bookings.told(booked)}
