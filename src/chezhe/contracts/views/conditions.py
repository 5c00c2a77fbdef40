"""The conditions precedent one by one: ask for one, meet it, have it waived or put off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chezhe.contracts import permissions, queries
from chezhe.contracts.actions.ask_condition import ask_condition
from chezhe.contracts.actions.satisfy_condition import satisfy_condition
from chezhe.contracts.actions.waive_condition import waive_condition
from chezhe.contracts.conditions import queries as condition_queries
from chezhe.contracts.conditions.forms import AskForm, MeetForm, WaiveForm
from chezhe.kernel import business_date, moves, roles
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import NotFound
from chezhe.ui.parts import Happening


@require_GET
@needs(permissions.VIEW)
def condition(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """One condition: whose it is, until when, what proves it."""
    return _page(request, number, code)


def _page(request: HttpRequest, number: str, code: str, *, meet: MeetForm | None = None, waive: WaiveForm | None = None) -> HttpResponse:
    found, today, may = queries.contract(number, request.actor), business_date.current(), request.actor.can
    standing = next((one for one in queries.standings(found, today) if one.code == code), None)
    if standing is None:
        raise NotFound(what=code)
    meet, waive = meet or MeetForm(), waive or WaiveForm(may_be_put_off=standing.may_be_put_off)
    is_open, is_hers = not standing.is_met, standing.owner in request.actor.roles
    context: dict[str, Any] = {
        "contract": found, "one": standing, "row": standing.row, "owner": roles.LABELS.get(standing.owner, ""), "meet": meet,
        "waive": waive,
        "track": track_of(standing.row.subject) if standing.row else [],
        "can_meet": is_open and standing.is_by_hand and is_hers and may(permissions.SATISFY_CONDITION.code),
        "can_waive": is_open and (standing.may_be_waived or standing.may_be_put_off) and condition_queries.is_open_to_change(found)
        and may(permissions.WAIVE_CONDITION.code),
    }
    return render(request, "contracts/condition.html", context, status=422 if meet.errors or waive.errors else 200)


def track_of(subject: str) -> list[Happening]:
    """What became of a condition, newest first."""
    words = {"ask": _("提出放款条件"), "meet": _("登记条件已办妥"), "waive": _("同意豁免或延后"),
             "take_back": _("豁免或延后作废")}
    return [
        Happening(m.moved_at, words.get(m.verb, m.verb), who=m.actor_name, detail=m.reason, icon="arrow-right")
        for m in reversed(moves.history(subject))
    ]


@require_POST
@needs(permissions.SATISFY_CONDITION)
def meet(request: HttpRequest, number: str, code: str) -> HttpResponse:
    form = MeetForm(request.POST, request.FILES)
    if form.carries_out(lambda: satisfy_condition(contract_number=number, code=code, **form.cleaned_data, by=request.actor)):
        messages.success(request, _("已登记办妥。"))
        return redirect("contracts:contract", number)
    return _page(request, number, code, meet=form)


@require_POST
@needs(permissions.WAIVE_CONDITION)
def waive(request: HttpRequest, number: str, code: str) -> HttpResponse:
    form = WaiveForm(request.POST, may_be_put_off=True)
    if form.carries_out(lambda: waive_condition(
        contract_number=number, code=code, **form.cleaned_data, business_date=business_date.current(), by=request.actor
    )):
        messages.success(request, _("已提交审批，门店经理与风险经理同意后生效。"))
        return redirect("contracts:condition", number, code)
    return _page(request, number, code, waive=form)


@needs(permissions.ASK_CONDITION)
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Word one more condition."""
    found, form = queries.contract(number, request.actor), AskForm(request.POST or None)
    if request.method == "POST" and form.carries_out(lambda: ask_condition(
        contract_number=number, **form.cleaned_data, business_date=business_date.current(), by=request.actor
    )):
        messages.success(request, _("已提出，办妥或豁免前不能放款。"))
        return redirect("contracts:contract", number)
    context = {"contract": found, "form": form, "title": _("提出放款条件"), "submit": _("提出")}
    return render(request, "contracts/counter.html", context, status=422 if form.errors else 200)
