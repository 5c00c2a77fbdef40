"""A customer's loans for programs: the plan, the payoff of a day, and what the customer thinks of us."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Status

from chezhe.contracts.collateral.releasing import Progress
from chezhe.kernel import business_date
from chezhe.kernel.actor import BORROWER
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Day, In, Out, Page, Text, Whole, Yuan, page_of_list
from chezhe.portal import loans, permissions, queries
from chezhe.portal.actions.rate_service import rate_service
from chezhe.portal.api.cases import router
from chezhe.servicing import permissions as loan_permissions
from chezhe.servicing import queries as loan_queries
from chezhe.servicing.early import asking


class PortalInstalmentOut(Out):
    period: int
    due_on: date
    total: Yuan
    paid: Yuan
    penalty: Yuan
    standing: str


class PortalPayoffOut(Out):
    """What closes the loan on that day, for which alone it holds."""

    on: date
    to_pay: Yuan
    total: Yuan


class PortalReleaseStepOut(Out):
    """`state` is done, current or todo; `detail` names the parcel once it is sent."""

    code: str
    label: str
    state: str
    done_on: date | None
    detail: str


class PortalReleaseOut(Out):
    """The release of one car; `due_on` is the last day."""

    car: str
    due_on: date | None
    steps: list[PortalReleaseStepOut]


class PortalRatingIn(In):
    occasion: Text[10]
    stars: Whole
    words: Text[1000] = ""


class PortalRatingOut(Out):
    occasion: str
    stars: int
    rated_on: date


@router.get("/m/loans/{number}/plan", response=Page[PortalInstalmentOut], summary="The plan of a customer's own loan")
@needs(loan_permissions.VIEW, BORROWER)
def plan(request: HttpRequest, number: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    position = loan_queries.current_position(queries.loan(request.actor, number), business_date.current())
    return page_of_list(loans.instalments(position), cursor, limit, _line)


def _line(line: loans.Instalment) -> PortalInstalmentOut:
    return PortalInstalmentOut(
        period=line.period, due_on=line.due_on, total=line.total, paid=line.paid, penalty=line.penalty, standing=str(line.status.label))


@router.get("/m/loans/{number}/payoff", response=PortalPayoffOut, summary="What settles a customer's own loan on a day")
@needs(loan_permissions.VIEW, BORROWER)
def payoff(request: HttpRequest, number: str, on: Day) -> PortalPayoffOut:
    quoted = asking.quote(queries.loan(request.actor, number), on, business_date.current())
    return PortalPayoffOut(on=quoted.on, to_pay=quoted.to_pay, total=quoted.total)


@router.get("/m/loans/{number}/releases", response=Page[PortalReleaseOut], summary="How far the release of a customer's own cars is")
@needs(loan_permissions.VIEW, BORROWER)
def releases(request: HttpRequest, number: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return page_of_list(loans.releases_of(queries.loan(request.actor, number), request.actor), cursor, limit, _release)


def _release(one: Progress) -> PortalReleaseOut:
    steps = [
        PortalReleaseStepOut(code=step.code, label=str(step.label), state=step.state, done_on=step.done_on, detail=step.detail)
        for step in one.steps
    ]
    return PortalReleaseOut(car=one.car, due_on=one.due_on, steps=steps)


@router.post("/m/loans/{number}/ratings", response={201: PortalRatingOut}, summary="Say how the payout or the settlement was")
@needs(permissions.RATE, BORROWER)
def rate(request: HttpRequest, number: str, payload: PortalRatingIn) -> Status[PortalRatingOut]:
    made = rate_service(
        loan_number=number, occasion=payload.occasion, stars=payload.stars, words=payload.words, business_date=business_date.current(),
        by=request.actor)
    return Status(201, PortalRatingOut(occasion=made.occasion, stars=made.stars, rated_on=made.rated_on))
