"""The first page of each portal, and what somebody sets about it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from chezhe.identifiers import masks
from chezhe.kernel.actor import BORROWER, DEALER
from chezhe.kernel.doors import needs
from chezhe.portal import cases, progress, queries
from chezhe.portal.middleware import ELDER
from chezhe.portal.views.parts import next_within

_A_YEAR = 365 * 24 * 3600


@require_GET
@needs(None, BORROWER)
def customer_home(request: HttpRequest) -> HttpResponse:
    """What a customer has with us, and whose turn it is."""
    actor = request.actor
    loans = cases.loan_cards(actor)
    cards = [card for card in cases.cards(actor) if not (loans and card.standing.stage == progress.PAY and card.standing.is_over)]
    context = {"cards": cards, "loans": loans, "is_visitor": not actor.party_ids}
    return render(request, "portal/m/home.html", context)


@require_GET
@needs(None, DEALER)
def dealer_home(request: HttpRequest) -> HttpResponse:
    """The cases that a dealer brought, and where each stands."""
    return render(request, "portal/d/home.html", {"cards": cases.cards(request.actor)})


def _me(request: HttpRequest) -> HttpResponse:
    """Who is signed in, where else, and how the pages look."""
    account = request.outside_session.account
    context = {
        "name": request.actor.name, "mobile": masks.mask_mobile(account.mobile), "is_visitor": not request.actor.party_ids,
        "sessions": list(queries.sessions(account)), "current": request.outside_session.pk,
    }
    return render(request, "portal/me.html", context)


me_borrower, me_dealer = (require_GET(needs(None, kind)(_me)) for kind in (BORROWER, DEALER))


@require_POST
def elder(request: HttpRequest) -> HttpResponse:
    """Large letters and wide buttons, or back; the browser remembers."""
    response = redirect(next_within(request, request.portal))
    response.set_cookie(ELDER, "off" if request.is_elder else "on", max_age=_A_YEAR, path="/", samesite="Lax")
    return response
