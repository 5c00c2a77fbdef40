"""The verdict, and what becomes of an offer."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest

from chezhe.kernel import business_date, rest
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import NotFound
from chezhe.origination import appealing, permissions, queries
from chezhe.origination.actions.accept_offer import accept_offer
from chezhe.origination.actions.appeal_decision import appeal_decision
from chezhe.origination.actions.ask_human_review import ask_human_review
from chezhe.origination.actions.expire_application import expire_application
from chezhe.origination.actions.vote_on_application import vote_on_application
from chezhe.origination.actions.withdraw_application import withdraw_application
from chezhe.origination.api.shapes import ApplicationOut, router, shape
from chezhe.origination.offers.conditions import Wished
from chezhe.origination.offers.rules import Change


class ConditionIn(rest.In):
    """Something that has to be done before the contract is made, or before money leaves, and by whom."""

    words: rest.Text[120]
    due: Literal["contract", "payout"]
    owner_role: Literal["sales", "collateral_ops", "risk_officer"]


class VoteIn(rest.In):
    """Other terms, and conditions, only go with `agree`; what is left out stays as it is."""

    verdict: Literal["agree", "return", "reject"]
    opinion: rest.Text[2000] = ""
    wanted: list[rest.Text[120]] = []
    amount: rest.Amount | None = None
    periods: rest.Whole | None = None
    annual_rate: rest.Rate | None = None
    conditions: list[ConditionIn] = []


class ReasonIn(rest.In):
    reason: rest.Text[200]


class DeclinedOut(rest.Out):
    who: str
    role: str
    opinion: str
    at: datetime


class AppealOut(rest.Out):
    """`gone`, `stayed` and `new` are the machine's reasons, by name, since the decision appealed against."""

    words: str
    asked_on: date
    declined: list[DeclinedOut]
    earlier: str
    decision: str | None
    gone: list[str]
    stayed: list[str]
    new: list[str]


class NothingIn(rest.In):
    """An empty object."""


def change_of(payload: Any) -> Change:
    """The other terms that were sent."""
    return Change(amount=payload.amount, periods=payload.periods, annual_rate=payload.annual_rate)


@router.post("/{number}/votes", response=ApplicationOut, summary="Agree, return or reject in the stage that is open")
@needs(permissions.DECIDE)
def vote(request: HttpRequest, number: str, payload: VoteIn) -> dict[str, Any]:
    return shape(vote_on_application(
        application_number=number, verdict=payload.verdict, opinion=payload.opinion, wanted=payload.wanted,
        change=change_of(payload), wished=[Wished(**dict(one)) for one in payload.conditions],
        business_date=business_date.current(),
        by=request.actor,
    ))


@router.post("/{number}/human-review", response=ApplicationOut, summary="The customer asks that people decide instead of the machine")
@needs(permissions.CONTEST)
def human_review(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return shape(ask_human_review(
        application_number=number, reason=payload.reason, business_date=business_date.current(), by=request.actor,
    ))


@router.post("/{number}/appeal", response=ApplicationOut, summary="The customer contests the facts: they are asked for anew")
@needs(permissions.CONTEST)
def appeal(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return shape(appeal_decision(
        application_number=number, reason=payload.reason, business_date=business_date.current(), by=request.actor,
    ))


@router.get("/{number}/appeal", response=AppealOut, summary="What the last appeal says, what it is against, and which reasons changed")
@needs(permissions.VIEW)
def appeal_story(request: HttpRequest, number: str) -> Any:
    found = appealing.appeal_of(queries.visible(request.actor).fetch(number))
    if found is None:
        raise NotFound(what=number)
    return found


@router.post("/{number}/accept", response=ApplicationOut, summary="The customer takes the offer")
@needs(permissions.ACCEPT_OFFER)
def accept(request: HttpRequest, number: str, payload: NothingIn) -> dict[str, Any]:
    return shape(accept_offer(application_number=number, business_date=business_date.current(), by=request.actor))


@router.post("/{number}/withdraw", response=ApplicationOut, summary="Take it back, with the reason")
@needs(permissions.WITHDRAW)
def withdraw(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return shape(withdraw_application(application_number=number, reason=payload.reason, by=request.actor))


@router.post("/{number}/expire", response=ApplicationOut, summary="Close an offer that nobody accepted in time")
@needs(permissions.EXPIRE)
def expire(request: HttpRequest, number: str, payload: NothingIn) -> dict[str, Any]:
    return shape(expire_application(application_number=number, business_date=business_date.current(), by=request.actor))
