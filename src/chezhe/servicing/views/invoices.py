"""Invoices: asked for on a loan's page, followed in a list, taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.kernel import business_date, outside
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.servicing import pages
from chezhe.servicing.actions.accept_invoice_notice import accept_invoice_notice
from chezhe.servicing.actions.ask_red_invoice import ask_red_invoice
from chezhe.servicing.actions.request_invoice import request_invoice
from chezhe.servicing.actions.withdraw_invoice import withdraw_invoice
from chezhe.servicing.forms import ReasonForm
from chezhe.servicing.models import Invoice
from chezhe.servicing.permissions import VIEW
from chezhe.servicing.tax.invoices import pages as invoice_pages
from chezhe.servicing.tax.invoices import permissions
from chezhe.servicing.tax.invoices.forms import InvoiceForm
from chezhe.servicing.tax.invoices.models import TITLE_KINDS
from chezhe.servicing.tax.invoices.states import INVOICE
from chezhe.servicing.vendors.einvoice import client
from chezhe.servicing.views.loans import fetch
from chezhe.servicing.views.previewing import trail_of
from chezhe.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, ScopeFilter, TextFilter


@require_GET
@needs(VIEW)
def invoices(request: HttpRequest) -> HttpResponse:
    """Every invoice in the actor's reach."""
    return ListPage(
        title=_("开票申请"), subtitle=_("对已收到的利息和费用开具普通发票；款项冲正后须红冲。"),
        queryset=Invoice.objects.visible_to(request.actor).select_related("loan"),
        columns=[
            Column("number", _("编号"), kind="link", url=lambda row: reverse("servicing:invoice", args=[row.number]), sortable=True),
            Column("loan.number", _("贷款"), kind="identifier"), Column("masked_title", _("抬头"), phone=False),
            Column("amount", _("金额"), kind="money", sortable=True), Column("tax", _("税额"), kind="money", phone=False),
            Column("status", _("状态"), kind="status", statuses=invoice_pages.STATUSES),
            Column("invoice_number", _("发票号码"), kind="identifier"), Column("issued_on", _("开票日"), kind="date", phone=False),
            Column("requested_by_name", _("申请人"), phone=False), Column("requested_at", _("申请时间"), kind="moment", sortable=True),
        ],
        filters=[
            ScopeFilter(owner="loan__owner_id", branch="loan__branch_id"),
            ChoiceFilter(name="status", label=_("状态"), choices=[(k, s.label) for k, s in invoice_pages.STATUSES.items()]),
            ChoiceFilter(name="title_kind", label=_("抬头类型"), choices=TITLE_KINDS),
            DateRangeFilter(name="issued", label=_("开票日"), field="issued_on"),
            TextFilter(name="loan", label=_("贷款编号"), field="loan__number"),
        ],
        search=("number__icontains", "loan__number__icontains", "invoice_number__icontains"), search_hint=_("申请、贷款或发票号码"),
        default_sort="-number", breadcrumbs=pages.TRAIL, file_name="invoices", empty_title=_("没有开票申请"),
        empty_hint=_("在贷款页面的“发票”中申请。"),
    ).respond(request)


@require_http_methods(["GET", "POST"])
@needs(permissions.REQUEST_INVOICE)
def request_one(request: HttpRequest, number: str) -> HttpResponse:
    """Choose paid items and a title."""
    loan = fetch(request, number)
    rows = invoice_pages.rows_of(loan, business_date.current())
    form = InvoiceForm(request.POST or None, offered=invoice_pages.offered(rows), initial={"title_kind": loan.customer.kind})
    if request.method == "POST" and form.is_valid():
        try:
            made = request_invoice(loan_number=number, title=form.asked_title, lines=form.asked_lines, by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已申请 %(number)s，由平台开具。") % {"number": made.number})
            return redirect("servicing:invoice", made.number)
    return render(request, "servicing/invoice_request.html", {
        "loan": loan, "form": form, "rows": rows, "is_open": bool(invoice_pages.offered(rows)), "title": loan.customer.masked_name,
        "cancel": f"{reverse('servicing:loan', args=[number])}?tab=invoices", "breadcrumbs": trail_of(loan, _("申请开票")),
    }, status=422 if form.errors else 200)


@require_GET
@needs(VIEW)
def invoice(request: HttpRequest, number: str) -> HttpResponse:
    """One invoice with its lines, what became of it, and the way back."""
    return _shown(request, _fetch(request, number), ReasonForm())


@require_POST
@needs(permissions.REQUEST_INVOICE)
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take a request back that has not left."""
    return _with_reason(request, number, withdraw_invoice, _("已撤回，金额可重新开票。"))


@require_POST
@needs(permissions.ASK_RED)
def redden(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for the red letter."""
    return _with_reason(request, number, ask_red_invoice, _("已申请红冲，由平台开具红字发票。"))


@require_GET
@needs(VIEW)
def invoices_of(request: HttpRequest) -> HttpResponse:
    """Panel of a loan: its invoices, and what can still be invoiced."""
    loan = fetch(request, request.GET.get("subject", "").removeprefix("loan:"))
    rows = invoice_pages.rows_of(loan, business_date.current())
    return render(request, "servicing/invoices_of.html", {
        "loan": loan, "rows": rows, "invoices": [(row, invoice_pages.STATUSES[row.status]) for row in loan.invoices.order_by("-pk")],
        "can_ask": any(row.left for row in rows) and request.actor.can(permissions.REQUEST_INVOICE.code),
    })


@csrf_exempt
@require_POST
def callback(request: HttpRequest) -> HttpResponse:
    """The platform says what became of a paper. The signature is the key to this door; the same notice may come many times."""
    try:
        new = accept_invoice_notice(notice=client.notice(outside.read_callback(client.SERVICE, request)), by=SYSTEM)
    except ValueError:
        return JsonResponse({"code": "callback_unreadable"}, status=400)
    except BusinessError as refusal:
        return JsonResponse({"code": refusal.code}, status=refusal.http_status)
    return JsonResponse({"code": "OK", "new": new})


def _fetch(request: HttpRequest, number: str) -> Invoice:
    return Invoice.objects.visible_to(request.actor).select_related("loan__customer").fetch(number)


def _with_reason(request: HttpRequest, number: str, act: Callable[..., Any], said: str) -> HttpResponse:
    row, form = _fetch(request, number), ReasonForm(request.POST)
    if form.carries_out(lambda: act(invoice_number=number, reason=form.cleaned_data["reason"], by=request.actor)):
        messages.success(request, said)
        return redirect("servicing:invoice", number)
    return _shown(request, row, form)


def _shown(request: HttpRequest, row: Invoice, form: Any) -> HttpResponse:
    can, allows = request.actor.can, INVOICE.allows
    return render(request, "servicing/invoice.html", {
        "invoice": row, "loan": row.loan, "form": form, "status": invoice_pages.STATUSES[row.status], "lines": invoice_pages.lines_of(row),
        "failure": invoice_pages.FAILURES.get(row.failure_code, ""), "track": invoice_pages.track_of(row), "net": row.amount - row.tax,
        "can_withdraw": allows(row.status, "withdraw") and can(permissions.REQUEST_INVOICE.code),
        "can_redden": allows(row.status, "ask_red") and can(permissions.ASK_RED.code),
        "breadcrumbs": [*pages.TRAIL, (_("开票申请"), reverse("servicing:invoices")), (row.number, "")],
    }, status=422 if form.errors else 200)
