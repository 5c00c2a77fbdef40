"""Who means to settle early, over REST."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest

from chezhe.kernel.doors import needs
from chezhe.kernel.rest import Amount, Day, In, Out, Page, Yuan, page_of
from chezhe.servicing import permissions
from chezhe.servicing.actions.ask_settlement import ask_settlement
from chezhe.servicing.actions.withdraw_settlement import withdraw_settlement
from chezhe.servicing.api.loans import router
from chezhe.servicing.early.models import SettlementAsk


class SettlementAskOut(Out):
    number: str
    loan: str
    status: str
    settles_on: date
    amount: Yuan
    asked_at: datetime


class SettlementAskIn(In):
    settles_on: Day
    amount: Amount


@router.get("/settlement-asks", response=Page[SettlementAskOut], summary="Who means to settle early, and when")
@needs(permissions.VIEW)
def settlement_asks(request: HttpRequest, loan_number: str = "", cursor: str = "", limit: int = 50) -> dict[str, Any]:
    rows = SettlementAsk.objects.visible_to(request.actor).select_related("loan")
    return page_of(rows.filter(loan__number=loan_number) if loan_number else rows, cursor, limit, _shape)


@router.post("/loans/{number}/settlement-asks", response={201: SettlementAskOut}, summary="Note that a loan is to be settled on a day")
@needs(permissions.ASK_SETTLEMENT)
def ask(request: HttpRequest, number: str, payload: SettlementAskIn) -> tuple[int, dict[str, Any]]:
    """`amount` is what `settlement` told for that day; another sum is refused (409)."""
    made = ask_settlement(loan_number=number, settles_on=payload.settles_on, amount=payload.amount, by=request.actor)
    return 201, _shape(made)


@router.post("/settlement-asks/{number}/withdraw", response=SettlementAskOut, summary="Take such a note back")
@needs(permissions.ASK_SETTLEMENT)
def withdraw(request: HttpRequest, number: str) -> dict[str, Any]:
    return _shape(withdraw_settlement(ask_number=number, by=request.actor))


def _shape(row: SettlementAsk) -> dict[str, Any]:
    return {"loan": row.loan.number, **{name: getattr(row, name) for name in ("number", "status", "settles_on", "amount", "asked_at")}}
