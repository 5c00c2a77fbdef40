"""Accounts that may be paid beside the borrower's, and limits of payouts, over REST."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest

from chezhe.contracts import permissions
from chezhe.contracts.actions.close_payee import close_payee
from chezhe.contracts.actions.decide_payee import decide_payee
from chezhe.contracts.actions.decide_payout_limit import decide_payout_limit
from chezhe.contracts.actions.propose_payee import NewPayee, propose_payee
from chezhe.contracts.actions.propose_payout_limit import NewLimit, propose_payout_limit
from chezhe.contracts.api.contracts import ReasonIn, router
from chezhe.contracts.models import PayeeAccount, PayoutLimit
from chezhe.contracts.paying import queries
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import Amount, Day, In, Out, Page, Text, Yuan, page_of


class PayeeOut(Out):
    number: str
    status: str
    kind: str
    dealer_number: str | None
    name: str
    bank_name: str
    account: str
    branch: str | None
    proposed_by: str
    decided_by: str
    decided_at: datetime | None
    opinion: str


class PayeeIn(In):
    kind: Literal["dealer", "insurer", "provider"]
    dealer_number: Text[40] = ""
    name: Text[100] = ""
    bank_name: Text[60]
    account: Text[40]


class VerdictIn(In):
    agrees: bool
    opinion: Text[200] = ""


class LimitOut(Out):
    number: str
    status: str
    branch: str | None
    effective_from: date
    per_payout: Yuan | None
    per_day: Yuan | None
    reason: str
    proposed_by: str
    decided_by: str
    opinion: str


class LimitIn(In):
    branch_code: Text[20] = ""
    effective_from: Day
    per_payout: Amount | None = None
    per_day: Amount | None = None
    reason: Text[200]


@router.get("/payees", response=Page[PayeeOut], summary="Accounts that may be paid beside the borrower's, newest first")
@needs(permissions.VIEW)
def payees(request: HttpRequest, status: str = "", cursor: str = "", limit: int = 50) -> dict[str, Any]:
    rows = queries.payees(request.actor)
    return page_of(rows.filter(status=status) if status else rows, cursor, limit, _payee)


@router.post("/payees", response={201: PayeeOut}, summary="Propose an account; another person agrees to it")
@needs(permissions.PROPOSE_PAYEE)
def new_payee(request: HttpRequest, payload: PayeeIn) -> tuple[int, dict[str, Any]]:
    return 201, _payee(propose_payee(proposed=NewPayee(**payload.dict()), by=request.actor))


@router.get("/payees/{number}", response=PayeeOut, summary="One account")
@needs(permissions.VIEW)
def payee(request: HttpRequest, number: str) -> dict[str, Any]:
    return _payee(queries.payees(request.actor).fetch(number))


@router.post("/payees/{number}/decide", response=PayeeOut, summary="Stand by an account, or not (second person)")
@needs(permissions.DECIDE_PAYEE)
def decide(request: HttpRequest, number: str, payload: VerdictIn) -> dict[str, Any]:
    return _payee(decide_payee(payee_number=number, **payload.dict(), by=request.actor))


@router.post("/payees/{number}/close", response=PayeeOut, summary="Let an account be paid no more")
@needs(permissions.DECIDE_PAYEE)
def close(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _payee(close_payee(payee_number=number, reason=payload.reason, by=request.actor))


@router.get("/payout-limits", response=Page[LimitOut], summary="Limits of payouts, newest first")
@needs(permissions.VIEW)
def limits(request: HttpRequest, status: str = "", cursor: str = "", limit: int = 50) -> dict[str, Any]:
    rows = queries.limits(request.actor)
    return page_of(rows.filter(status=status) if status else rows, cursor, limit, _limit)


@router.post("/payout-limits", response={201: LimitOut}, summary="Propose a limit; another person agrees to it")
@needs(permissions.PROPOSE_LIMIT)
def new_limit(request: HttpRequest, payload: LimitIn) -> tuple[int, dict[str, Any]]:
    asked = NewLimit(
        branch_code=payload.branch_code, effective_from=payload.effective_from, per_payout=payload.per_payout, per_day=payload.per_day)
    made = propose_payout_limit(limit=asked, reason=payload.reason, business_date=business_date.current(), by=request.actor)
    return 201, _limit(made)


@router.get("/payout-limits/{number}", response=LimitOut, summary="One limit")
@needs(permissions.VIEW)
def payout_limit(request: HttpRequest, number: str) -> dict[str, Any]:
    return _limit(queries.limits(request.actor).fetch(number))


@router.post("/payout-limits/{number}/decide", response=LimitOut, summary="Agree to a limit, or not (second person)")
@needs(permissions.DECIDE_LIMIT)
def decide_limit(request: HttpRequest, number: str, payload: VerdictIn) -> dict[str, Any]:
    return _limit(decide_payout_limit(limit_number=number, **payload.dict(), by=request.actor))


def _payee(row: PayeeAccount) -> dict[str, Any]:
    same = ("number", "status", "kind", "name", "bank_name", "decided_at", "opinion")
    return {"dealer_number": row.dealer.number if row.dealer else None, "account": row.masked,
            "branch": row.branch.name if row.branch else None, "proposed_by": row.proposed_by_name, "decided_by": row.decided_by_name,
            **{name: getattr(row, name) for name in same}}


def _limit(row: PayoutLimit) -> dict[str, Any]:
    same = ("number", "status", "effective_from", "per_payout", "per_day", "reason", "opinion")
    return {"branch": row.branch.name if row.branch else None, "proposed_by": row.proposed_by_name, "decided_by": row.decided_by_name,
            **{name: getattr(row, name) for name in same}}
