"""What somebody has with us, and what a dealer brought, with where each stands."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from chezhe.kernel.actor import BORROWER, DEALER
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Out, Page, page_of_list
from chezhe.origination import permissions
from chezhe.portal import cases

router = Router()


class PortalCaseOut(Out):
    number: str
    product: str
    who: str
    car: str
    amount: str | None
    stage: int
    stages: int
    standing: str
    what_next: str
    turn: str


def _shape(card: cases.Card) -> PortalCaseOut:
    return PortalCaseOut(
        number=card.number, product=str(card.title), who=card.who, car=card.car, amount=str(card.amount) if card.amount else None,
        stage=card.standing.stage, stages=len(card.stages), standing=str(card.standing.label), what_next=str(card.standing.what_next),
        turn=card.standing.turn,
    )


def _page(request: HttpRequest, cursor: str, limit: int) -> dict[str, Any]:
    return page_of_list(cases.cards(request.actor), cursor, limit, _shape)


@router.get("/m/cases", response=Page[PortalCaseOut], summary="A customer's own cases")
@needs(permissions.VIEW, BORROWER)
def customer_cases(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return _page(request, cursor, limit)


@router.get("/d/cases", response=Page[PortalCaseOut], summary="The cases that a dealer brought")
@needs(permissions.VIEW, DEALER)
def dealer_cases(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return _page(request, cursor, limit)
