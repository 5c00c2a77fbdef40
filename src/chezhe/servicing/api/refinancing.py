"""借新还旧 over REST."""

from datetime import date
from typing import Any

from django.http import HttpRequest

from chezhe.finmath.money import Money
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import NotFound
from chezhe.kernel.rest import In, Out, Text, Yuan
from chezhe.ledger.wire import MovedOut
from chezhe.servicing import permissions, refinancing
from chezhe.servicing.actions.fix_refinancing import fix_refinancing
from chezhe.servicing.actions.name_refinancing import name_refinancing
from chezhe.servicing.api.loans import fetch, router


class RefinanceIn(In):
    application: Text[40]


class NamedOut(Out):
    application: str
    loan: str


class RefinancingOut(Out):
    loan: str
    contract: str
    on: date
    payoff: Yuan
    net: Yuan
    transfers: list[MovedOut]


class FixedOut(Out):
    contract: str
    loan: str
    payoff: Yuan
    payoff_on: date
    fixed_by: str


@router.post("/loans/{number}/refinancing", response={201: NamedOut}, summary="Let an application pay off this loan first")
@needs(permissions.NAME_REFINANCING)
def name(request: HttpRequest, number: str, payload: RefinanceIn) -> tuple[int, dict[str, Any]]:
    named = name_refinancing(loan_number=number, application_number=payload.application, by=request.actor)
    return 201, {"application": named.number, "loan": number}


@router.get("/loans/{number}/refinancing", response=RefinancingOut, summary="What paying off this loan by its new contract comes to today")
@needs(permissions.VIEW)
def offered(request: HttpRequest, number: str) -> dict[str, Any]:
    loan, today = fetch(request, number), business_date.current()
    contract = refinancing.contract_for(loan)
    if contract is None:
        raise NotFound(what=number)
    found = refinancing.offer(loan, contract, today)
    moved = [transfer for booking in refinancing.preview(found, today).bookings if booking.event == refinancing.EVENT
             for transfer in booking.transfers]
    return {"loan": loan.number, "contract": contract.number, "on": found.on, "payoff": found.payoff, "net": found.net,
            "transfers": [{"debit": t.debit, "credit": t.credit, "amount": Money(t.fen)} for t in moved]}


@router.post("/loans/{number}/refinancing/fix", response=FixedOut, summary="Fix today's payoff for the payout of the new contract")
@needs(permissions.FIX_REFINANCING)
def fix(request: HttpRequest, number: str) -> dict[str, Any]:
    contract = refinancing.contract_for(fetch(request, number))
    if contract is None:
        raise NotFound(what=number)
    row = fix_refinancing(contract_number=contract.number, by=request.actor)
    same = {name: getattr(row, name) for name in ("payoff", "payoff_on")}
    return {**same, "contract": contract.number, "loan": row.loan_number, "fixed_by": row.fixed_by_name}
