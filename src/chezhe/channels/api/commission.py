"""Commission plans over REST."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest

from chezhe.channels import permissions
from chezhe.channels.actions.decide_commission_plan import decide_commission_plan
from chezhe.channels.actions.end_commission_plan import end_commission_plan
from chezhe.channels.actions.propose_commission_plan import propose_commission_plan
from chezhe.channels.api.dealers import router
from chezhe.channels.commission import queries
from chezhe.channels.commission.steps import PlanTerms
from chezhe.channels.models import CommissionPlan
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Amount, Day, Fraction, In, Out, Page, Rate, Text, Whole, Yuan, page_of


class CommissionPlanIn(In):
    """`rate` is a fraction of the money lent; without a product the plan is for every product that has none of its own."""

    dealer_number: Text[40]
    product_code: Text[20] = ""
    rate: Rate
    amount_max: Amount | None = None
    hold_months: Whole
    effective_from: Day
    effective_to: Day | None = None
    reason: Text[200]


class CommissionVerdictIn(In):
    agrees: bool
    opinion: Text[200] = ""


class CommissionEndIn(In):
    last_day: Day
    reason: Text[200]


class CommissionPlanOut(Out):
    number: str
    status: str
    dealer: str
    product_code: str
    rate: Fraction
    amount_max: Yuan | None
    hold_months: int
    effective_from: date
    effective_to: date | None
    reason: str
    proposed_by: str
    decided_by: str
    decided_at: datetime | None
    opinion: str


@router.get("/commission-plans", response=Page[CommissionPlanOut], summary="Plans of what dealers earn, newest first")
@needs(permissions.VIEW)
def commission_plans(request: HttpRequest, dealer: str = "", status: str = "", cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    rows = queries.plans(request.actor)
    rows = rows.filter(dealer__number=dealer) if dealer else rows
    return page_of(rows.filter(status=status) if status else rows, cursor, limit, _plan)


@router.post("/commission-plans", response={201: CommissionPlanOut}, summary="Propose a plan; another person agrees to it")
@needs(permissions.PROPOSE_COMMISSION)
def propose(request: HttpRequest, payload: CommissionPlanIn) -> tuple[int, dict[str, Any]]:
    given = dict(payload)
    dealer, reason = given.pop("dealer_number"), given.pop("reason")
    return 201, _plan(propose_commission_plan(
        dealer_number=dealer, terms=PlanTerms(**given), reason=reason, business_date=business_date.current(), by=request.actor))


@router.get("/commission-plans/{number}", response=CommissionPlanOut, summary="One plan")
@needs(permissions.VIEW)
def commission_plan(request: HttpRequest, number: str) -> dict[str, Any]:
    return _plan(queries.plans(request.actor).fetch(number))


@router.post("/commission-plans/{number}/decide", response=CommissionPlanOut, summary="Agree to a plan, or not (second person)")
@needs(permissions.DECIDE_COMMISSION)
def decide(request: HttpRequest, number: str, payload: CommissionVerdictIn) -> dict[str, Any]:
    return _plan(decide_commission_plan(plan_number=number, agrees=payload.agrees, opinion=payload.opinion, by=request.actor))


@router.post("/commission-plans/{number}/end", response=CommissionPlanOut, summary="Let a plan count no longer than to a day")
@needs(permissions.PROPOSE_COMMISSION)
def end(request: HttpRequest, number: str, payload: CommissionEndIn) -> dict[str, Any]:
    return _plan(end_commission_plan(
        plan_number=number, last_day=payload.last_day, reason=payload.reason, business_date=business_date.current(), by=request.actor))


def _plan(row: CommissionPlan) -> dict[str, Any]:
    same = ("number", "status", "product_code", "rate", "amount_max", "hold_months", "effective_from", "effective_to", "reason",
            "decided_at", "opinion")
    return {**{name: getattr(row, name) for name in same}, "dealer": row.dealer.number, "proposed_by": row.proposed_by_name,
            "decided_by": row.decided_by_name}
