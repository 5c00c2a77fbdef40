"""Whose accounts may be paid beside the borrower's, and how much may leave: proposed by one, agreed to by another."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_POST

from chezhe.contracts import permissions, vocabulary
from chezhe.contracts.actions.close_payee import close_payee
from chezhe.contracts.actions.decide_payee import decide_payee
from chezhe.contracts.actions.decide_payout_limit import decide_payout_limit
from chezhe.contracts.actions.propose_payee import NewPayee, propose_payee
from chezhe.contracts.actions.propose_payout_limit import NewLimit, propose_payout_limit
from chezhe.contracts.forms import ReasonForm
from chezhe.contracts.models import PayoutLimit
from chezhe.contracts.paying import queries
from chezhe.contracts.paying.forms import LimitForm, PayeeForm, VerdictForm
from chezhe.contracts.paying.states import LIMIT, PAYEE, PAYEE_KINDS
from chezhe.kernel import business_date, moves
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.kernel.machine import Machine
from chezhe.ui import forms
from chezhe.ui.lists import ChoiceFilter, Column, ListPage
from chezhe.ui.parts import Happening, track_of

TRAIL = [(gettext_lazy("合同与放款"), "")]


@require_GET
@needs(permissions.VIEW)
def payees(request: HttpRequest) -> HttpResponse:
    """The accounts, newest first."""
    may_add = request.actor.can(permissions.PROPOSE_PAYEE.code)
    return ListPage(
        title=pgettext("list", "收款账户"), subtitle=_("借款人以外的收款方；核定后才能用于放款。"), queryset=queries.payees(request.actor),
        columns=[
            Column("number", _("编号"), kind="link", url=lambda p: reverse("contracts:payee", args=[p.number]), sortable=True, sort="pk"),
            Column("name", _("户名")), Column("kind", _("收款方类型"), value=lambda p: p.get_kind_display()),
            Column("bank_name", _("开户行"), phone=False),
            Column("masked", _("账号"), kind="identifier"),
            Column("status", _("状态"), kind="status", statuses=vocabulary.PAYEE_STATUSES),
            Column("proposed_by_name", _("提出人"), phone=False), Column("decided_by_name", _("核定人"), phone=False),
        ],
        filters=[
            ChoiceFilter(name="status", label=_("状态"), choices=PAYEE.choices()),
            ChoiceFilter(name="kind", label=_("收款方类型"), choices=PAYEE_KINDS),
        ],
        search=("name__icontains", "number__istartswith", "tail"), search_hint=_("户名、编号或账号尾号"), default_sort="-number",
        breadcrumbs=TRAIL, file_name="payee-accounts", empty_title=_("还没有收款账户"),
        actions=[(_("提出收款账户"), reverse("contracts:new_payee"), "plus")] if may_add else [],
    ).respond(request)


def _form_page(request: HttpRequest, form: forms.Form, *, title: str, back: str, above: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": back, "above": above, "submit": _("提交核定")}
    return render(request, "contracts/propose.html", context, status=422 if form.errors else 200)


@needs(permissions.PROPOSE_PAYEE)
def new_payee(request: HttpRequest) -> HttpResponse:
    """Propose an account."""
    form = PayeeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = propose_payee(proposed=NewPayee(**form.cleaned_data), by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已提出，请另一位同事核定。"))
            return redirect("contracts:payee", made.number)
    return _form_page(request, form, title=_("提出收款账户"), back=reverse("contracts:payees"), above=pgettext("list", "收款账户"))


@require_GET
@needs(permissions.VIEW)
def payee(request: HttpRequest, number: str) -> HttpResponse:
    """One account: who proposed it, who agreed."""
    return _payee_page(request, number)


def _payee_page(
    request: HttpRequest, number: str, *, verdict: VerdictForm | None = None, close: ReasonForm | None = None
) -> HttpResponse:
    found = queries.payees(request.actor).fetch(number)
    may = request.actor.can(permissions.DECIDE_PAYEE.code)
    verdict, close = verdict or VerdictForm(), close or ReasonForm()
    context: dict[str, Any] = {
        "payee": found, "status": vocabulary.PAYEE_STATUSES[found.status], "track": _track(found.subject, PAYEE), "verdict": verdict,
        "close": close, "can_decide": may and PAYEE.allows(found.status, "verify"),
        "can_close": may and PAYEE.allows(found.status, "close"),
    }
    return render(request, "contracts/payee.html", context, status=422 if verdict.errors or close.errors else 200)


@require_POST
@needs(permissions.DECIDE_PAYEE)
def decide(request: HttpRequest, number: str) -> HttpResponse:
    form = VerdictForm(request.POST)
    if form.carries_out(lambda: decide_payee(
        payee_number=number, agrees=form.cleaned_data["verdict"] == "yes", opinion=form.cleaned_data["opinion"], by=request.actor
    )):
        messages.success(request, _("已登记结论。"))
        return redirect("contracts:payee", number)
    return _payee_page(request, number, verdict=form)


@require_POST
@needs(permissions.DECIDE_PAYEE)
def close(request: HttpRequest, number: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    if form.carries_out(lambda: close_payee(payee_number=number, reason=form.cleaned_data["reason"], by=request.actor)):
        messages.success(request, _("账户已停用，不再用于放款。"))
        return redirect("contracts:payee", number)
    return _payee_page(request, number, close=form)


def _track(subject: str, machine: Machine) -> list[Happening]:
    """What became of something that one proposes and another decides, newest first."""
    return track_of(moves.history(subject), machine, begun=_("提出"), icon="arrow-right")


def _limit_url(found: PayoutLimit) -> str:
    return reverse("contracts:limit", args=[found.number])


@require_GET
@needs(permissions.VIEW)
def limits(request: HttpRequest) -> HttpResponse:
    """The limits of payouts, newest first."""
    may_add = request.actor.can(permissions.PROPOSE_LIMIT.code)
    return ListPage(
        title=_("放款限额"), subtitle=_("按门店与全公司分别设置，自生效日起以最近核定的为准。"), queryset=queries.limits(request.actor),
        columns=[
            Column("number", _("编号"), kind="link", url=_limit_url, sortable=True, sort="pk"),
            Column("branch", _("门店"), value=lambda one: one.branch.name if one.branch else _("全公司")),
            Column("effective_from", _("生效日期"), kind="date", sortable=True),
            Column("per_payout", _("单笔放款限额"), kind="money", total=False),
            Column("per_day", _("单日放款限额"), kind="money", total=False),
            Column("status", _("状态"), kind="status", statuses=vocabulary.LIMIT_STATUSES),
            Column("proposed_by_name", _("提出人"), phone=False), Column("decided_by_name", _("核定人"), phone=False),
        ],
        filters=[ChoiceFilter(name="status", label=_("状态"), choices=LIMIT.choices())],
        search=("number__istartswith", "branch__name__icontains"),
        search_hint=_("编号或门店"), default_sort="-number", breadcrumbs=TRAIL, file_name="payout-limits", empty_title=_("还没有放款限额"),
        actions=[(_("提出放款限额"), reverse("contracts:new_limit"), "plus")] if may_add else [],
    ).respond(request)


@needs(permissions.PROPOSE_LIMIT)
def new_limit(request: HttpRequest) -> HttpResponse:
    """Propose a limit."""
    today = business_date.current()
    form = LimitForm(request.POST or None, initial={"effective_from": today})
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        reason = said.pop("reason")
        try:
            made = propose_payout_limit(limit=NewLimit(**said), reason=reason, business_date=today, by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已提出，请另一位同事核定。"))
            return redirect("contracts:limit", made.number)
    return _form_page(request, form, title=_("提出放款限额"), back=reverse("contracts:limits"), above=_("放款限额"))


@require_GET
@needs(permissions.VIEW)
def limit(request: HttpRequest, number: str) -> HttpResponse:
    """One limit: who proposed it and why, who agreed."""
    return _limit_page(request, number, VerdictForm())


def _limit_page(request: HttpRequest, number: str, form: VerdictForm) -> HttpResponse:
    found = queries.limits(request.actor).fetch(number)
    context: dict[str, Any] = {
        "limit": found, "status": vocabulary.LIMIT_STATUSES[found.status], "track": _track(found.subject, LIMIT), "verdict": form,
        "can_decide": request.actor.can(permissions.DECIDE_LIMIT.code) and LIMIT.allows(found.status, "agree"),
    }
    return render(request, "contracts/limit.html", context, status=422 if form.errors else 200)


@require_POST
@needs(permissions.DECIDE_LIMIT)
def decide_limit(request: HttpRequest, number: str) -> HttpResponse:
    form = VerdictForm(request.POST)
    if form.carries_out(lambda: decide_payout_limit(
        limit_number=number, agrees=form.cleaned_data["verdict"] == "yes", opinion=form.cleaned_data["opinion"], by=request.actor
    )):
        messages.success(request, _("已登记结论。"))
        return redirect("contracts:limit", number)
    return _limit_page(request, number, form)
