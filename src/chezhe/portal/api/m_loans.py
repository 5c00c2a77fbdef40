"""A customer's loans for programs: the plan, the payoff of a day, and what the customer thinks of us."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Status

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


@router.post("/m/loans/{number}/ratings", response={201: PortalRatingOut}, summary="Say how the payout or the settlement was")
@needs(permissions.RATE, BORROWER)
def rate(request: HttpRequest, number: str, payload: PortalRatingIn) -> Status[PortalRatingOut]:
    made = rate_service(
        loan_number=number, occasion=payload.occasion, stars=payload.stars, words=payload.words, business_date=business_date.current(),
        by=request.actor)
    return Status(201, PortalRatingOut(occasion=made.occasion, stars=made.stars, rated_on=made.rated_on))
