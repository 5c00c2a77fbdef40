"""Paying: from the account that the customer has signed for, at once and once; and what became of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from chezhe.compliance import steps as compliance
from chezhe.customers.models import Customer
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock, handles
from chezhe.kernel.actor import BORROWER
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.payments import permissions as payment_permissions
from chezhe.payments.actions.sign_mandate import sign_mandate
from chezhe.payments.debits.mandates import CONSENT, Signature
from chezhe.payments.debits.states import FAILURES
from chezhe.portal import loans, queries
from chezhe.portal.forms_loan import MandateForm, PayForm
from chezhe.portal.views import m_loan
from chezhe.portal.views.parts import code_first, evidence_of, next_within, refused
from chezhe.servicing import permissions
from chezhe.servicing import queries as loan_queries
from chezhe.servicing.actions.debit_now import debit_now
from chezhe.servicing.models import LoanDebit

# So many times what a customer owes a month, when nothing else is asked for.
_LIMIT_TIMES, _ROUND_TO = 2, 100_00


@require_http_methods(["GET", "HEAD", "POST"])
@needs(permissions.DEBIT_NOW, BORROWER)
def pay(request: HttpRequest, handle: str) -> HttpResponse:
    """What is due, and the button that has it collected: a payment order to the channel, whose answer books it."""
    found, today = m_loan.own(request, handle), business_date.current()
    position = loan_queries.current_position(found, today)
    due = Money(0 if position.settled_on else position.due_total_fen)
    context = {
        "loan": found, "due": due, "items": loans.due_items(position), "mandate": loans.mandate_of(found.customer),
        "transfer": loans.transfer_for(found, today), "waiting": found.debits.filter(status="ordered").first(),
    }
    form = PayForm(request.POST or None, initial={"amount": str(due)})
    if request.method == "POST" and form.is_valid():
        try:
            ordered = debit_now(loan_number=found.number, amount=form.cleaned_data["amount"], by=request.actor)
        except BusinessError as refusal:
            return refused(request, "portal/m/pay.html", form, refusal, context)
        return redirect(request.portal.url("paid", handles.handle_of(ordered.subject)))
    return render(request, "portal/m/pay.html", {"form": form, **context}, status=422 if form.errors else 200)


@require_GET
@needs(permissions.VIEW, BORROWER)
def paid(request: HttpRequest, handle: str) -> HttpResponse:
    """What the bank has done with a payment so far; the page looks again by itself."""
    rows = LoanDebit.objects.visible_to(request.actor).select_related("loan", "mandate__account")
    one = rows.fetch(handles.subject_of(handle, "loan_debit"))
    why = FAILURES.get(one.reason_code, "") if one.status in ("failed", "partly", "returned") else ""
    return render(request, "portal/m/paid.html", {
        "debit": one, "loan": one.loan, "status": loans.debit_status(one), "why": why, "is_waiting": one.status in ("planned", "ordered"),
        "here": request.path,
    })


@require_http_methods(["GET", "HEAD", "POST"])
@needs(payment_permissions.SIGN_MANDATE, BORROWER)
def mandate(request: HttpRequest) -> HttpResponse:
    """Leave to collect from an account, within limits: signed with a code that was asked for this."""
    actor, today = request.actor, business_date.current()
    customer = queries.customer(actor)
    accounts = loans.accounts_of(customer)
    limit = Money(_LIMIT_TIMES * max(queries.instalment_max(actor).fen, _ROUND_TO) // _ROUND_TO * _ROUND_TO)
    form = MandateForm(request.POST or None, accounts=accounts, initial={
        "account_tail": accounts[0].tail if accounts else "", "debit_max": str(limit), "day_max": str(limit)})
    context = {
        "accounts": accounts, "mandate": loans.mandate_of(customer), "text": compliance.current_text(CONSENT, today),
        "next": next_within(request, request.portal),
    }
    if (first := code_first(request, f"mandate-of:{customer.number}")) is not None:
        return first
    if request.method == "POST" and form.is_valid():
        try:
            _sign(request, customer, form)
        except BusinessError as refusal:
            return refused(request, "portal/m/mandate.html", form, refusal, context)
        return redirect(context["next"])
    return render(request, "portal/m/mandate.html", {"form": form, **context}, status=422 if form.errors else 200)


def _sign(request: HttpRequest, customer: Customer, form: MandateForm) -> None:
    said = form.cleaned_data
    signature = Signature(
        account_tail=said["account_tail"], debit_max=said["debit_max"], day_max=said["day_max"], signed_on=clock.today(),
        evidence=evidence_of(request), channel="online")
    sign_mandate(customer_number=customer.number, signature=signature, by=request.actor)
