"""What was offered, the customer's answer, and the conditions of an approval."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest

from chezhe.kernel import business_date, rest
from chezhe.kernel.doors import needs
from chezhe.origination import permissions
from chezhe.origination.actions.counter_offer import counter_offer
from chezhe.origination.actions.decline_offer import decline_offer
from chezhe.origination.actions.meet_condition import meet_condition
from chezhe.origination.actions.waive_condition import waive_condition
from chezhe.origination.api.deciding import ReasonIn, change_of
from chezhe.origination.api.shapes import ApplicationOut, router, rows_of, shape
from chezhe.origination.models import ApprovalCondition


class OfferOut(rest.Out):
    """What the customer was told at one approval, and what became of it."""

    place: int
    status: str
    amount: rest.Yuan
    periods: int
    annual_rate: rest.Fraction
    instalment: rest.Yuan
    total: rest.Yuan
    all_in_simple: rest.Fraction | None
    is_as_asked: bool
    decision_number: str
    valid_until: date
    made_at: datetime
    made_by: str
    answered_at: datetime | None
    answer: str


class ConditionOut(rest.Out):
    id: int
    status: str
    words: str
    due: str
    owner_role: str
    set_by: str
    set_at: datetime
    settled_by: str
    settled_at: datetime | None
    settled_words: str


class CounterIn(rest.In):
    """What the customer would rather have; what is left out stays as it was approved."""

    amount: rest.Amount | None = None
    periods: rest.Whole | None = None
    annual_rate: rest.Rate | None = None
    reason: rest.Text[200]


class EvidenceIn(rest.In):
    evidence: rest.Text[200]


def _condition(one: ApprovalCondition) -> dict[str, Any]:
    same = ("id", "status", "words", "due", "owner_role", "set_at", "settled_at", "settled_words")
    return {name: getattr(one, name) for name in same} | {"set_by": one.set_by_name, "settled_by": one.settled_by_name}


@router.get("/{number}/offers", response=list[OfferOut], summary="Every offer, newest first")
@needs(permissions.VIEW)
def offers(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    same = ("place", "status", "amount", "periods", "annual_rate", "instalment", "total", "all_in_simple", "is_as_asked", "decision_number",
            "valid_until", "made_at", "answered_at", "answer")
    found = rows_of(request).fetch(number).offers.all()
    return [{name: getattr(one, name) for name in same} | {"made_by": one.made_by_name} for one in found]


@router.post("/{number}/decline", response=ApplicationOut, summary="The customer does not take the offer")
@needs(permissions.ACCEPT_OFFER)
def decline(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return shape(decline_offer(application_number=number, reason=payload.reason, by=request.actor))


@router.post("/{number}/counter", response=ApplicationOut, summary="The customer wants other terms: they are decided anew")
@needs(permissions.ACCEPT_OFFER)
def counter(request: HttpRequest, number: str, payload: CounterIn) -> dict[str, Any]:
    return shape(counter_offer(
        application_number=number, change=change_of(payload), reason=payload.reason, business_date=business_date.current(),
        by=request.actor,
    ))


@router.get("/{number}/conditions", response=list[ConditionOut], summary="On what conditions people agreed")
@needs(permissions.VIEW)
def conditions(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    return [_condition(one) for one in rows_of(request).fetch(number).conditions.all()]


@router.post("/{number}/conditions/{condition_id}/meet", response=ConditionOut, summary="Note what was done about a condition")
@needs(permissions.MEET_CONDITION)
def meet(request: HttpRequest, number: str, condition_id: int, payload: EvidenceIn) -> dict[str, Any]:
    return _condition(meet_condition(
        application_number=number, condition_id=condition_id, evidence=payload.evidence, by=request.actor))


@router.post("/{number}/conditions/{condition_id}/waive", response=ConditionOut, summary="Let a condition go, by a second person")
@needs(permissions.DECIDE)
def waive(request: HttpRequest, number: str, condition_id: int, payload: ReasonIn) -> dict[str, Any]:
    return _condition(waive_condition(application_number=number, condition_id=condition_id, reason=payload.reason, by=request.actor))
