"""Mandates, and what the channel settled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.compliance import steps as compliance
from chezhe.customers.models import Customer
from chezhe.kernel import clock, moves, subjects
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.ledger import pages as ledger_pages
from chezhe.ledger import permissions as ledger_permissions
from chezhe.payments import permissions
from chezhe.payments.actions.resume_mandate import resume_mandate
from chezhe.payments.actions.revoke_mandate import revoke_mandate
from chezhe.payments.actions.sign_mandate import sign_mandate
from chezhe.payments.debits import mandates as steps
from chezhe.payments.debits.forms import MandateForm, MandateReasonForm
from chezhe.payments.debits.models import ChannelSettlement, Mandate
from chezhe.payments.debits.states import MANDATE, SETTLEMENT, STANDING, reason_label
from chezhe.payments.debits.vocabulary import DEBIT_STATUSES, MANDATE_STATUSES, SETTLEMENT_STATUSES
from chezhe.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, TextFilter
from chezhe.ui.parts import track_of

TRAIL = [(gettext_lazy("还款与账务"), "")]
NEWEST = 50


@require_GET
@needs(permissions.VIEW_MANDATES)
def mandates(request: HttpRequest) -> HttpResponse:
    """Every mandate in the actor's reach."""
    return ListPage(
        title=_("代扣授权"), subtitle=_("客户授权从本人账户扣收应还款项；没有有效授权就不会扣款，客户可随时终止。"),
        queryset=Mandate.objects.visible_to(request.actor).listed("customer", "account"),
        columns=[
            Column("number", _("授权编号"), kind="link", url=lambda row: reverse("payments:mandate", args=[row.number]), sortable=True),
            Column("customer.masked_name", _("客户")),
            Column("account.bank_name", _("银行"), phone=False),
            Column("account.tail", _("账号尾号"), kind="identifier"),
            Column("debit_max", _("单笔限额"), kind="money", total=False, phone=False),
            Column("day_max", _("单日限额"), kind="money", total=False, phone=False),
            Column("signed_on", _("签署日"), kind="date", sortable=True),
            Column("stopped", _("暂停原因"), value=lambda row: reason_label(row.stop_code) if row.stop_code else "", phone=False),
            Column("status", _("状态"), kind="status", statuses=MANDATE_STATUSES),
        ],
        filters=[
            ChoiceFilter(name="status", label=_("状态"), choices=MANDATE.choices()),
            DateRangeFilter(name="signed", label=_("签署日"), field="signed_on"),
            TextFilter(name="customer", label=_("客户编号"), field="customer__number"),
        ],
        search=("number__icontains", "customer__number__icontains"), search_hint=_("授权或客户编号"), default_sort="-number",
        breadcrumbs=TRAIL, file_name="mandates", empty_title=_("没有代扣授权"), empty_hint=_("在客户页面的“代扣授权”中签署。"),
    ).respond(request)


@require_http_methods(["GET", "POST"])
@needs(permissions.SIGN_MANDATE)
def sign(request: HttpRequest, number: str) -> HttpResponse:
    """Keep what a customer signed."""
    customer = Customer.objects.visible_to(request.actor).fetch(number)
    accounts = list(customer.accounts.filter(closed_at__isnull=True).order_by("-is_main", "pk"))
    form = MandateForm(request.POST or None, accounts=[(row.tail, f"{row.bank_name} ****{row.tail}") for row in accounts])
    if request.method == "POST" and form.is_valid():
        try:
            made = sign_mandate(customer_number=number, signature=form.signature(), by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已登记代扣授权 %(number)s，自今日起可以扣款。") % {"number": made.number})
            return redirect("payments:mandate", made.number)
    standing = customer.mandates.filter(status__in=STANDING).first()
    text = compliance.current_text(steps.CONSENT, clock.today())
    return render(request, "payments/sign_mandate.html", {
        "customer": customer, "form": form, "accounts": accounts, "standing": standing, "text": text,
        "cancel": reverse("customers:customer", args=[number]) + "?tab=mandates",
    }, status=422 if form.errors else 200)


@require_GET
@needs(permissions.VIEW_MANDATES)
def mandate(request: HttpRequest, number: str) -> HttpResponse:
    """One mandate: its limits, what was collected under it, and its track."""
    return _page(request, number, None)


@require_POST
@needs(permissions.REVOKE_MANDATE)
def revoke(request: HttpRequest, number: str) -> HttpResponse:
    return _ended(request, number, revoke_mandate, _("代扣授权已终止，尚未发送的扣款不会再发送。"))


@require_POST
@needs(permissions.RESUME_MANDATE)
def resume(request: HttpRequest, number: str) -> HttpResponse:
    return _ended(request, number, resume_mandate, _("代扣授权已恢复，下一个扣款时点起照常扣款。"))


def _ended(request: HttpRequest, number: str, act: Callable[..., Any], sentence: str) -> HttpResponse:
    form = MandateReasonForm(request.POST)
    if form.carries_out(lambda: act(mandate_number=number, reason=form.cleaned_data["reason"], by=request.actor)):
        messages.success(request, sentence)
        return redirect("payments:mandate", number)
    return _page(request, number, form)


def _page(request: HttpRequest, number: str, form: MandateReasonForm | None) -> HttpResponse:
    found = Mandate.objects.visible_to(request.actor).naming("customer", "account").fetch(number)
    rows = [(row, DEBIT_STATUSES[row.status], reason_label(row.failure_code) if row.failure_code else "")
            for row in found.debits.order_by("-pk")[:NEWEST]]
    can = request.actor.can
    return render(request, "payments/mandate.html", {
        "mandate": found, "status": MANDATE_STATUSES[found.status], "rows": rows, "form": form or MandateReasonForm(),
        "stopped": reason_label(found.stop_code) if found.stop_code else "", "newest": NEWEST,
        "track": track_of(moves.history(found.subject), MANDATE, begun=_("签署"), icon="arrow-right"),
        "can_revoke": MANDATE.allows(found.status, "revoke") and can(permissions.REVOKE_MANDATE.code),
        "can_resume": MANDATE.allows(found.status, "resume") and can(permissions.RESUME_MANDATE.code),
    }, status=422 if form and form.errors else 200)


@require_GET
@needs(permissions.VIEW_MANDATES)
def mandates_of(request: HttpRequest) -> HttpResponse:
    """Panel on a customer's page."""
    subject = subjects.open_subject(request.GET.get("subject", ""), request.actor)
    rows = Mandate.objects.visible_to(request.actor).filter(customer__number=subject.number).select_related("account").order_by("-pk")
    return render(request, "payments/mandates_of.html", {
        "number": subject.number, "rows": [(row, MANDATE_STATUSES[row.status]) for row in rows],
        "can_sign": request.actor.can(permissions.SIGN_MANDATE.code),
    })


@require_GET
@needs(permissions.VIEW)
def settlements(request: HttpRequest) -> HttpResponse:
    """What the channel collected, took back and kept, day by day."""
    return ListPage(
        title=_("渠道清算"), subtitle=_("代扣渠道次日把前一日扣收的款项扣除手续费后划到本公司账户；对账不符的日子不会入账。"),
        queryset=ChannelSettlement.objects.visible_to(request.actor),
        columns=[
            Column("number", _("清算编号"), kind="link", url=lambda row: reverse("payments:settlement", args=[row.number])),
            Column("day", _("扣款日"), kind="date", sortable=True),
            Column("lines", _("笔数"), kind="number"),
            Column("gross", _("扣收净额"), kind="money"), Column("fee", _("手续费"), kind="money"),
            Column("net", _("划款金额"), kind="money"),
            Column("settled_at", _("入账时间"), kind="moment", phone=False),
            Column("status", _("状态"), kind="status", statuses=SETTLEMENT_STATUSES),
        ],
        filters=[ChoiceFilter(name="status", label=_("状态"), choices=SETTLEMENT.choices()),
                 DateRangeFilter(name="day", label=_("扣款日"), field="day")],
        default_sort="-day", breadcrumbs=TRAIL, file_name="channel-settlements", empty_title=_("还没有渠道清算"),
        empty_hint=_("第一笔代扣成功后的次日自动清算。"),
    ).respond(request)


@require_GET
@needs(permissions.VIEW)
def settlement(request: HttpRequest, number: str) -> HttpResponse:
    """One day: its sums, its entries, and where the channel and we differ."""
    found = ChannelSettlement.objects.visible_to(request.actor).fetch(number)
    can_see_books = request.actor.can(ledger_permissions.VIEW.code)
    return render(request, "payments/settlement.html", {
        "settlement": found, "status": SETTLEMENT_STATUSES[found.status],
        "journals": ledger_pages.journals_of(found.subject) if can_see_books else None,
        "track": track_of(moves.history(found.subject), SETTLEMENT, begun=_("渠道首次扣款"), icon="arrow-right"),
    })
