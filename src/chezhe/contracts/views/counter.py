"""The counter: make, confirm, sign, secure, release."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from chezhe.contracts import permissions, queries
from chezhe.contracts.actions.add_vehicle import add_vehicle
from chezhe.contracts.actions.confirm_cost_sheet import confirm_cost_sheet
from chezhe.contracts.actions.confirm_gps import confirm_gps
from chezhe.contracts.actions.prepare_contract import prepare_contract
from chezhe.contracts.actions.record_release import record_release
from chezhe.contracts.actions.register_mortgage import Registration, register_mortgage
from chezhe.contracts.actions.release_unused_mortgage import release_unused_mortgage
from chezhe.contracts.actions.sign_contract import sign_contract
from chezhe.contracts.actions.void_contract import void_contract
from chezhe.contracts.forms import ConfirmForm, FurtherForm, GpsForm, PrepareForm, ReasonForm, RegistrationForm, ReleaseForm, SignForm
from chezhe.contracts.views.page import page_context
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.origination import cars
from chezhe.origination.models import Application
from chezhe.ui import forms


@needs(permissions.PREPARE)
def prepare(request: HttpRequest, number: str) -> HttpResponse:
    """Make the contract set of an accepted application."""
    rows = Application.objects.visible_to(request.actor).select_related("customer", "vehicle", "product_version__product", "branch")
    application, today = rows.fetch(number), business_date.current()
    form = PrepareForm(request.POST or None, customer=application.customer, on=today)
    if request.method == "POST" and form.is_valid():
        try:
            made = prepare_contract(
                application_number=number, account_id=int(form.cleaned_data["account_id"]), payout_on=form.cleaned_data["payout_on"],
                business_date=today, by=request.actor,
            )
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("合同 %(number)s 已制作，文本正在后台生成。") % {"number": made.number})
            return redirect("contracts:contract", made.number)
    context = {"form": form, "application": application, "further": cars.of(application)}
    return render(request, "contracts/prepare.html", context, status=422 if form.errors else 200)


def counter_form(
    request: HttpRequest, number: str, form: forms.Form, act: Callable[[dict[str, Any]], object], *, title: str, submit: str, done: str
) -> HttpResponse:
    """One form of the counter: carry out, come back to the contract; or show what is wrong beside its field."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, done)
            return redirect("contracts:contract", number)
    context = {"form": form, "contract": queries.contract(number, request.actor), "title": title, "submit": submit}
    return render(request, "contracts/counter.html", context, status=422 if form.errors else 200)


@needs(permissions.CONFIRM_COSTS)
def cost_sheet(request: HttpRequest, number: str) -> HttpResponse:
    today = business_date.current()
    form = ConfirmForm(request.POST or None, request.FILES or None, initial={"confirmed_on": today, "channel": "counter"})
    return counter_form(
        request, number, form,
        lambda said: confirm_cost_sheet(contract_number=number, business_date=today, by=request.actor, **said),
        title=_("确认综合融资成本明示表"), submit=_("登记确认"), done=_("已登记，借款人可以签署合同。"),
    )


@needs(permissions.SIGN)
def sign(request: HttpRequest, number: str) -> HttpResponse:
    today, found = business_date.current(), queries.contract(number, request.actor)
    form = SignForm(request.POST or None, request.FILES or None, contract=found, initial={"signed_on": today, "channel": "counter"})
    return counter_form(
        request, number, form, lambda said: sign_contract(contract_number=number, business_date=today, by=request.actor, **said),
        title=_("登记合同签署"), submit=_("登记签署"), done=_("已登记签署。"),
    )


@needs(permissions.MORTGAGE)
def register(request: HttpRequest, number: str) -> HttpResponse:
    today = business_date.current()
    form = RegistrationForm(request.POST or None, request.FILES or None, initial={"registered_on": today})

    def act(said: dict[str, Any]) -> None:
        evidence = said.pop("evidence")
        register_mortgage(
            contract_number=number, registration=Registration(**said), evidence=evidence, business_date=today,
            vehicle_number=request.GET.get("vehicle", ""), by=request.actor,
        )

    return counter_form(request, number, form, act, title=_("登记抵押"), submit=_("登记"), done=_("抵押已登记。"))


@needs(permissions.CONFIRM_GPS)
def gps(request: HttpRequest, number: str) -> HttpResponse:
    today = business_date.current()
    return counter_form(
        request, number, GpsForm(request.POST or None, initial={"fitted_on": today}),
        lambda said: confirm_gps(contract_number=number, business_date=today, by=request.actor, **said),
        title=_("确认 GPS 安装"), submit=_("确认"), done=_("已确认 GPS 安装。"),
    )


@needs(permissions.MORTGAGE)
def further(request: HttpRequest, number: str) -> HttpResponse:
    return counter_form(
        request, number, FurtherForm(request.POST or None, request.FILES or None),
        lambda said: add_vehicle(contract_number=number, by=request.actor, **said),
        title=_("追加抵押车辆"), submit=_("追加"), done=_("已追加，办妥登记后请登记回执。"),
    )


@needs(permissions.MORTGAGE)
def release(request: HttpRequest, number: str) -> HttpResponse:
    today = business_date.current()
    form = ReleaseForm(request.POST or None, request.FILES or None, initial={"released_on": today})
    return counter_form(
        request, number, form, lambda said: record_release(
            contract_number=number, business_date=today, vehicle_number=request.GET.get("vehicle", ""), by=request.actor, **said),
        title=_("登记解押"), submit=pgettext("record", "登记"), done=_("抵押已解除，车辆可以用于其他贷款。"),
    )


@needs(permissions.MORTGAGE)
def release_unused(request: HttpRequest, number: str) -> HttpResponse:
    return counter_form(
        request, number, ReasonForm(request.POST or None),
        lambda said: release_unused_mortgage(contract_number=number, by=request.actor, **said),
        title=_("不放款并解押"), submit=_("申请解押"), done=_("已申请解押，办妥后请登记回执。"),
    )


@require_POST
@needs(permissions.VOID)
def void(request: HttpRequest, number: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    if form.carries_out(lambda: void_contract(contract_number=number, reason=form.cleaned_data["reason"], by=request.actor)):
        messages.success(request, _("合同已作废，可以重新制作。"))
        return redirect("contracts:contract", number)
    context = page_context(request, queries.contract(number, request.actor), form)
    return render(request, "contracts/contract.html", context, status=422)
