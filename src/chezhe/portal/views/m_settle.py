"""Settling early: the exact sum of a chosen day, the letter that says so, and the customer's word."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from chezhe.kernel import business_date, handles
from chezhe.kernel.actor import BORROWER
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.portal import loans
from chezhe.portal.forms_loan import SettleDayForm, SettleForm
from chezhe.portal.views import m_loan
from chezhe.portal.views.parts import refused
from chezhe.portal.words import reworded
from chezhe.servicing import pages, permissions
from chezhe.servicing import queries as loan_queries
from chezhe.servicing.actions.ask_settlement import ask_settlement
from chezhe.servicing.actions.print_loan_paper import print_loan_paper
from chezhe.servicing.actions.withdraw_settlement import withdraw_settlement
from chezhe.servicing.early import asking
from chezhe.servicing.models import Loan
from chezhe.servicing.papers.kinds import PaperKind


@require_http_methods(["GET", "HEAD", "POST"])
@needs(permissions.ASK_SETTLEMENT, BORROWER)
def settle(request: HttpRequest, handle: str) -> HttpResponse:
    """What has to be paid on a day to close the loan, to the fen; and the word that it is to be so."""
    found, today = m_loan.own(request, handle), business_date.current()
    day = SettleDayForm(request.GET if request.GET.get("on") else None, first=today, initial={"on": today})
    form = SettleForm(request.POST or None)
    quoted = _quoted(day, found, today)
    context = {
        "loan": found, "day": day, "quote": quoted, "items": [one for one in pages.payoff_items(quoted.figure) if one[1]] if quoted else [],
        "ask": found.settlement_asks.filter(status="asked", settles_on__gte=today).first(), "transfer": loans.transfer_for(found, today),
    }
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            ask_settlement(loan_number=found.number, settles_on=said["on"], amount=said["amount"], by=request.actor)
        except BusinessError as refusal:
            return refused(request, "portal/m/settle.html", form, refusal, context)
        return redirect(f"{request.path}?{urlencode({'on': said['on'].isoformat()})}")
    return render(request, "portal/m/settle.html", {"form": form, **context}, status=422 if form.errors or day.errors else 200)


def _quoted(day: SettleDayForm, found: Loan, today: date) -> loan_queries.Payoff | None:
    """The payoff of the day that was chosen, or of today; a day that cannot be is refused beside its field."""
    if day.is_bound and not day.is_valid():
        return None
    on = day.cleaned_data["on"] if day.is_bound else today
    try:
        return asking.quote(found, on, today)
    except BusinessError as refusal:
        if day.is_bound:
            day.refuse(reworded(refusal))
        return None


@require_POST
@needs(permissions.PRINT_PAPER, BORROWER)
def payoff_letter(request: HttpRequest, handle: str) -> HttpResponse:
    """The letter of a day, as a PDF."""
    found = m_loan.own(request, handle)
    day = SettleDayForm(request.POST)
    if not day.is_valid():
        return redirect(request.portal.url("settle", handles.handle_of(found.subject)))
    on = day.cleaned_data["on"]
    kept = print_loan_paper(loan_number=found.number, kind=PaperKind.PAYOFF, first=on, last=on, by=request.actor)
    return redirect(request.portal.url("paper", handles.handle_of(f"document:{kept.key}")))


@require_POST
@needs(permissions.ASK_SETTLEMENT, BORROWER)
def unsettle(request: HttpRequest, handle: str) -> HttpResponse:
    """Not after all."""
    found = m_loan.own(request, handle)
    standing = found.settlement_asks.filter(status="asked").first()
    if standing is not None:
        withdraw_settlement(ask_number=standing.number, by=request.actor)
    return redirect(request.portal.url("loan", handles.handle_of(found.subject)))
