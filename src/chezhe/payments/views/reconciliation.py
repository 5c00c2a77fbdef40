"""对账中心: one business day, three sides, and what may be the same money."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.payments import permissions, queries
from chezhe.payments.actions.accept_match import accept_match
from chezhe.payments.actions.accept_matches import accept_matches
from chezhe.payments.actions.ask_for_settlement_file import ask_for_settlement_file
from chezhe.payments.actions.reconcile_accounts import reconcile_accounts
from chezhe.payments.actions.refuse_match import refuse_match
from chezhe.payments.forms import ConfidenceForm, DayForm, PairForm
from chezhe.payments.reconciliation import balances, pages, proposing, sheets
from chezhe.ui.list_files import hand_out

TRAIL = [(gettext_lazy("还款与账务"), "")]


@require_GET
@needs(permissions.VIEW)
def center(request: HttpRequest) -> HttpResponse:
    """The accounts of a day on both sides, the channel, money on its way, and suggestions."""
    today = business_date.current()
    form = DayForm({"on": request.GET["on"]} if request.GET.get("on") else {"on": today})
    context: dict[str, Any] = {"form": form, "breadcrumbs": TRAIL}
    if form.is_valid():
        if request.GET.get("export") == "xlsx" and request.actor.sees_whole_house:
            return _sheet(request, form.cleaned_data["on"])
        context |= _day(request, form.cleaned_data["on"], today)
    return render(request, "payments/reconciliation.html", context, status=422 if form.errors else 200)


def _sheet(request: HttpRequest, on: date) -> HttpResponse:
    """The day's bank reconciliation statement as a file; who took it is kept."""
    body, count = sheets.day(balances.day_of(on), on, request.actor)
    return hand_out(body, "xlsx", file_name=f"reconciliation-{on:%Y%m%d}", rows_count=count, actor=request.actor)


def _day(request: HttpRequest, on: date, today: date) -> dict[str, Any]:
    if not request.actor.sees_whole_house:
        return {"is_refused": True}
    offers = proposing.offers(on)
    cards = pages.account_cards(on)
    return {
        "on": on, "cards": cards, "channel": pages.channel_card(on), "clearings": pages.clearings(on), "exceptions": queries.exceptions(on),
        "offers": pages.offer_rows(offers[: pages.OFFERS_SHOWN]), "offer_count": len(offers), "doubles": pages.double_rows(on),
        "bulk_form": ConfidenceForm(),
        "before": on - timedelta(days=1), "after": on + timedelta(days=1) if on < today else None, "is_over": on < today,
        "can_merge": request.actor.can(permissions.MERGE_RECEIPT.code),
        "can_reconcile": request.actor.can(permissions.RECONCILE.code),
        "unexplained": sum(abs(card.day.unexplained.fen) for card in cards), "waiting": sum(card.day.waiting_count for card in cards),
    }


def _back(request: HttpRequest) -> HttpResponse:
    """To the day whose button was pressed."""
    form = DayForm({"on": request.POST.get("on", "")})
    on = form.cleaned_data["on"] if form.is_valid() else business_date.current()
    return redirect(f"{reverse('payments:reconciliation')}?on={on.isoformat()}")


@require_POST
@needs(permissions.RECONCILE)
def run(request: HttpRequest) -> HttpResponse:
    """Take in what is new and join what bears the same number."""
    found = reconcile_accounts(by=request.actor).found
    facts = {"items": found.items, "agreed": found.agreed, "differing": found.differing}
    messages.success(request, _("新纳入 %(items)s 项：%(agreed)s 组一致，%(differing)s 组有差异。") % facts)
    return _back(request)


@require_POST
@needs(permissions.RECONCILE)
def fetch(request: HttpRequest) -> HttpResponse:
    """Ask the channel for its file of the day."""
    form = DayForm({"on": request.POST.get("on", "")})
    if form.is_valid():
        try:
            ask_for_settlement_file(day=form.cleaned_data["on"], by=request.actor)
            messages.success(request, _("已请后台下载 %(day)s 的渠道对账文件，稍后刷新查看。") % {"day": form.cleaned_data["on"]})
        except BusinessError as refusal:
            messages.error(request, str(refusal))
    return _back(request)


@require_POST
@needs(permissions.RECONCILE)
def accept(request: HttpRequest) -> HttpResponse:
    """One suggestion, or a pair somebody names."""
    form = PairForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请填写与哪一项勾对。"))
        return _back(request)
    try:
        joined = accept_match(by=request.actor, **form.cleaned_data)
    except BusinessError as refusal:
        messages.error(request, str(refusal))
        return _back_to_tally(request, form.cleaned_data["first_number"])
    messages.success(request, _("已勾对为 %(number)s。") % {"number": joined.number})
    return _back_to_tally(request, joined.number)


@require_POST
@needs(permissions.RECONCILE)
def refuse(request: HttpRequest) -> HttpResponse:
    """Not the same money: do not suggest it again."""
    first = request.POST.get("first_number", "")
    try:
        refuse_match(first_number=first, second_number=request.POST.get("second_number", ""), by=request.actor)
        messages.success(request, _("不再建议这两项勾对。"))
    except BusinessError as refusal:
        messages.error(request, str(refusal))
    return _back_to_tally(request, first)


@require_POST
@needs(permissions.RECONCILE)
def accept_all(request: HttpRequest) -> HttpResponse:
    """Everything sure enough that has no rival."""
    form, day = ConfidenceForm(request.POST), DayForm({"on": request.POST.get("on", "")})
    if form.is_valid() and day.is_valid():
        done = accept_matches(on=day.cleaned_data["on"], confidence_min=form.cleaned_data["confidence_min"], by=request.actor)
        messages.success(request, _("已采纳 %(count)s 条建议。") % {"count": len(done.numbers)})
    else:
        messages.error(request, " ".join(message for errors in (form.errors | day.errors).values() for message in errors))
    return _back(request)


def _back_to_tally(request: HttpRequest, number: str) -> HttpResponse:
    """From a tally's page back to it, from a day's back to the day."""
    return redirect("payments:tally", number) if number and not request.POST.get("on") else _back(request)
