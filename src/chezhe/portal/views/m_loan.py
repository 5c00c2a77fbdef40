"""A customer's loan: the plan, what was paid, and the papers about it."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from chezhe.documents import queries as document_queries
from chezhe.documents import vault
from chezhe.documents.responses import file_response
from chezhe.kernel import business_date, handles
from chezhe.kernel.actor import BORROWER
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.portal import loans, queries
from chezhe.portal.forms_loan import CustomerPaperForm
from chezhe.portal.views.parts import refused
from chezhe.servicing import pages, permissions
from chezhe.servicing import queries as loan_queries
from chezhe.servicing.actions.print_loan_paper import print_loan_paper
from chezhe.servicing.models import Loan
from chezhe.servicing.papers.kinds import PaperKind
from chezhe.servicing.states import LOAN

_ANY_DAY = [PaperKind.PLAN, PaperKind.STATEMENT, PaperKind.INTEREST]


@require_GET
@needs(permissions.VIEW, BORROWER)
def loan(request: HttpRequest, handle: str) -> HttpResponse:
    """What is due, the plan line by line, and what was paid."""
    found = queries.loan(request.actor, handles.subject_of(handle, "loan"))
    today = business_date.current()
    position = loan_queries.current_position(found, today)
    plan = loans.instalments(position)
    is_own = found.customer_id in request.actor.party_ids
    return render(request, "portal/m/loan.html", {
        "loan": found, "status": pages.LOAN_STATUSES[found.status], "head": pages.head_of(position), "plan": plan,
        "near": [] if found.settled_on else loans.next_of(plan), "due_items": [] if position.settled_on else loans.due_items(position),
        "paid": loans.paid_of(found), "tries": loans.tries_of(found) if is_own else [], "release": loans.release_of(found),
        "releases": loans.releases_of(found, request.actor) if is_own and found.settled_on else [], "step_statuses": loans.STEPS,
        "is_own": is_own, "can_pay": is_own and LOAN.allows(found.status, "repay"),
        "can_settle": is_own and LOAN.allows(found.status, "settle"),
        "ask": found.settlement_asks.filter(status="asked", settles_on__gte=today).first() if is_own else None,
    })


def own(request: HttpRequest, handle: str) -> Loan:
    """The loan behind a handle, if the customer is its borrower. Raises NotFound (404)."""
    found = queries.loan(request.actor, handles.subject_of(handle, "loan"))
    loan_queries.require_own(found, request.actor)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@needs(permissions.PRINT_PAPER, BORROWER)
def papers(request: HttpRequest, handle: str) -> HttpResponse:
    """Have a paper made, and open those that were made before."""
    found, today = own(request, handle), business_date.current()
    kinds = [*_ANY_DAY, *([PaperKind.SETTLED] if found.status == "settled" else [])]
    first = max(found.begun_on, date(today.year, 1, 1))
    form = CustomerPaperForm(request.POST or None, kinds=kinds, initial={"kind": kinds[0].value, "first": first, "last": today})
    context = {"loan": found, "files": queries.papers_of(found)}
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            kept = print_loan_paper(
                loan_number=found.number, kind=PaperKind(said["kind"]), first=said["first"] or first, last=said["last"] or today,
                by=request.actor)
        except BusinessError as refusal:
            return refused(request, "portal/m/papers.html", form, refusal, context)
        return redirect(request.portal.url("paper", handles.handle_of(f"document:{kept.key}")))
    return render(request, "portal/m/papers.html", {"form": form, **context}, status=422 if form.errors else 200)


@require_GET
@needs(permissions.PRINT_PAPER, BORROWER)
def paper(request: HttpRequest, handle: str) -> HttpResponse:
    """The PDF itself: a paper about the customer's own loan, and nothing else that is kept with it."""
    file = document_queries.fetch(handles.subject_of(handle, "document"), request.actor)
    kind, _colon, number = file.subject.partition(":")
    if kind != "loan" or file.category not in {one.value for one in PaperKind}:
        raise NotFound(what="")
    loan_queries.require_own(queries.loan(request.actor, number), request.actor)
    return file_response(file, vault.read(file.key), disposition="inline")
