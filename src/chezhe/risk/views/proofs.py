"""What a customer hands in: statements and accounts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from chezhe.customers.models import Customer
from chezhe.kernel import clock, subjects
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.risk import permissions
from chezhe.risk.actions.record_accounts import record_accounts
from chezhe.risk.actions.upload_statement import upload_statement
from chezhe.risk.facts import income_pages, proof_pages, queries
from chezhe.risk.facts.models import Statement
from chezhe.risk.forms import AccountsForm, StatementForm


@require_GET
@needs(permissions.VIEW_PROOFS)
def panel(request: HttpRequest) -> HttpResponse:
    """Statements, income and debts, and the accounts of the customer `?subject=`."""
    subject = subjects.open_subject(request.GET.get("subject", ""), request.actor)
    customer, at = _fetch(request, subject.number), clock.now()
    rows = proof_pages.statements_of(customer.subject)
    context: dict[str, Any] = {
        "customer": customer, "found": proof_pages.analysis_of(rows[0]) if rows else None, "older": rows[1:],
        "can_hand_in": request.actor.can(permissions.HAND_IN_PROOFS.code), **proof_pages.burden_of(customer, at),
        "income": income_pages.income_of(customer, at) if customer.is_person else None,
        "accounts": None if customer.is_person else proof_pages.accounts_of(customer.subject, queries.known([customer.subject], at)),
        "owners": None if customer.is_person else proof_pages.owners_of(customer.subject),
    }
    return render(request, "risk/proofs_panel.html", context)


@require_http_methods(["GET", "POST"])
@needs(permissions.HAND_IN_PROOFS)
def upload(request: HttpRequest, number: str) -> HttpResponse:
    """Hand in a statement; it is judged at once."""
    customer = _fetch(request, number)
    form = StatementForm(request.POST, request.FILES) if request.method == "POST" else StatementForm()
    if form.is_valid():
        try:
            kept = upload_statement(customer_number=number, upload=form.cleaned_data["file"], by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("流水已分析，结果如下。"))
            if request.actor.can(permissions.VIEW_PROOFS.code):
                return redirect("risk:statement", kept.file_key)
            return redirect("customers:customer", number)
    return render(request, "risk/statement_upload.html", {
        "customer": customer, "form": form, "file_error": " ".join(form.errors.get("file", [])), "bytes_max": settings.UPLOAD_BYTES_MAX,
        "breadcrumbs": [*_trail(customer), (_("提交银行流水"), "")],
    }, status=422 if form.errors else 200)


@require_GET
@needs(permissions.VIEW_PROOFS)
def statement(request: HttpRequest, key: UUID) -> HttpResponse:
    """One statement as it was judged."""
    row = Statement.objects.filter(file_key=key).first()
    if row is None:
        raise NotFound(what=str(key))
    subject = subjects.open_subject(row.subject, request.actor)
    return render(request, "risk/statement.html", {
        "subject": subject, "found": proof_pages.analysis_of(row),
        "breadcrumbs": [*_trail(_fetch(request, subject.number)), (_("银行流水"), "")],
    })


@require_http_methods(["GET", "POST"])
@needs(permissions.HAND_IN_PROOFS)
def accounts(request: HttpRequest, number: str) -> HttpResponse:
    """Take down a company's year."""
    customer, form = _fetch(request, number), AccountsForm(request.POST or None)
    if request.method == "POST" and form.carries_out(lambda: record_accounts(
        customer_number=number, year=form.cleaned_data["year"], accounts=form.accounts(), plan=form.plan(), by=request.actor,
    )):
        messages.success(request, _("财务报表已登记，指标已更新。"))
        return redirect(f"{reverse('customers:customer', args=[number])}?tab=proofs")
    return render(request, "risk/accounts.html", {
        "customer": customer, "form": form, "breadcrumbs": [*_trail(customer), (_("登记财务报表"), "")],
    }, status=422 if form.errors else 200)


def _fetch(request: HttpRequest, number: str) -> Customer:
    return Customer.objects.visible_to(request.actor).fetch(number)


def _trail(customer: Customer) -> list[tuple[str, str]]:
    return [(_("风控"), ""), (f"{customer.masked_name} {customer.number}", reverse("customers:customer", args=[customer.number]))]
