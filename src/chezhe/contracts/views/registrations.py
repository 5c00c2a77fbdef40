"""Registration orders: what is due, and one order after another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Case, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from chezhe.contracts import permissions
from chezhe.contracts.actions.accept_registration import accept_registration
from chezhe.contracts.actions.cancel_registration import cancel_registration
from chezhe.contracts.actions.extend_registration import extend_registration
from chezhe.contracts.actions.order_registrations import order_registrations
from chezhe.contracts.actions.record_delivery import record_delivery
from chezhe.contracts.actions.redo_registration import redo_registration
from chezhe.contracts.actions.refuse_registration import refuse_registration
from chezhe.contracts.actions.submit_registration import submit_registration
from chezhe.contracts.collateral import lasting, registering, words
from chezhe.contracts.collateral.forms import AcceptForm, CancelRegistrationForm, DeliveryForm, ExtendRegistrationForm, SubmitForm
from chezhe.contracts.collateral.models import REGISTRIES, UNIFIED, RegistrationOrder
from chezhe.contracts.collateral.registering import Registration
from chezhe.contracts.collateral.states import OPEN, REGISTRATION
from chezhe.contracts.forms import ReasonForm
from chezhe.contracts.views.counter import counter_form
from chezhe.contracts.views.due import due_filter
from chezhe.contracts.views.things import Deed, Fact, Thing, carry_out
from chezhe.kernel import business_date, moves
from chezhe.kernel.doors import needs
from chezhe.ui import formats, forms
from chezhe.ui.lists import ChoiceFilter, Column, CustomFilter, DateRangeFilter, ListPage, ScopeFilter
from chezhe.ui.parts import track_of


def order_url(order: RegistrationOrder) -> str:
    return reverse("contracts:registration", args=[order.number])


@needs(permissions.VIEW_COLLATERAL)
def registrations(request: HttpRequest) -> HttpResponse:
    """Every order; of those that are not done the one that is due first stands at the top, those that are done come last."""
    today = business_date.current()

    return ListPage(
        title=_("抵押登记单"), subtitle=_("每项抵押在车管所与中登网各一张登记单；购置款抵押须自交付之日起十日内登记。"),
        queryset=registering.orders(request.actor).annotate(open_until=Case(When(status__in=OPEN, then="due_on"))),
        columns=[
            Column("number", _("编号"), kind="link", url=order_url, sortable=True, sort="pk"),
            Column("registry", _("登记机关"), value=lambda row: row.get_registry_display()), Column("contract.number", _("合同编号")),
            Column("contract.customer.masked_name", _("借款人"), phone=False),
            Column("status", _("状态"), kind="status", statuses=words.REGISTRATION_STATUSES),
            Column("due_on", _("最后期限"), kind="date", sortable=True),
            Column("left", _("剩余"), kind="status", value=lambda row: words.order_time_left(row, today), sortable=True, sort="open_until"),
            Column("receipt_number", _("回执编号"), kind="identifier", phone=False),
            Column("accepted_on", _("登记日期"), kind="date", phone=False),
            Column("valid_until", _("登记到期日"), kind="date", sortable=True, phone=False),
            Column("contract.branch.name", _("门店"), phone=False),
        ],
        filters=[
            ScopeFilter(owner="contract__owner_id", branch="contract__branch_id"),
            due_filter(OPEN, today, _("未办妥"), _("已过期限")),
            CustomFilter(name="term", label=_("登记期限"), choices=[("ending", _("将到期")), ("over", _("已到期失效"))],
                         narrow=lambda rows, value: _by_term(rows, value, today)),
            ChoiceFilter(name="status", label=_("状态"), choices=REGISTRATION.choices()),
            ChoiceFilter(name="registry", label=_("登记机关"), choices=REGISTRIES),
            DateRangeFilter(name="due_on", label=_("最后期限")),
        ],
        search=("number__icontains", "contract__number__icontains", "receipt_number__icontains"), search_hint=_("登记单、合同或回执编号"),
        default_sort="left", file_name="registrations", empty_title=_("没有登记单"),
    ).respond(request)


def _by_term(rows: QuerySet[RegistrationOrder], value: str, today: date) -> QuerySet[RegistrationOrder]:
    """Records that were announced to end while the loan runs; `over` only those whose last day has passed."""
    soon = lasting.ending(rows)
    return soon.filter(valid_until__lt=today) if value == "over" else soon


@require_GET
@needs(permissions.VIEW_COLLATERAL)
def registration(request: HttpRequest, number: str) -> HttpResponse:
    """One order: its last day, its receipt, and what to do next."""
    return _shown(request, number)


def _shown(request: HttpRequest, number: str, key: str = "", refused: forms.Form | None = None) -> HttpResponse:
    order, today = registering.orders(request.actor).fetch(number), business_date.current()
    deeds = _deeds(order, {key: refused} if refused is not None else {}) if request.actor.can(permissions.MORTGAGE.code) else []
    contract, vehicle, left = order.contract, order.mortgage.vehicle, words.order_time_left(order, today)
    facts = [
        Fact(label=_("合同编号"), value=contract.number, url=reverse("contracts:contract", args=[contract.number]),
             hint=contract.customer.masked_name),
        Fact(label=_("车辆"), value=vehicle.title, hint=vehicle.masked_plate or vehicle.masked_vin),
        Fact(label=_("最后期限"), value=formats.day(order.due_on), tag=left, hint=formats.day(order.due_on) if left else ""),
        Fact(label=_("交车日期"), value=formats.day(order.mortgage.delivered_on) if order.mortgage.delivered_on else _("尚未登记")),
        Fact(label=_("第几次办理"), value=order.attempt),
        Fact(label=_("报送日期"), value=formats.day(order.submitted_on)),
        Fact(label=_("回执编号"), value=order.receipt_number, hint=order.office, is_code=True),
        Fact(label=_("登记日期"), value=formats.day(order.accepted_on)),
    ]
    if order.registry == UNIFIED:
        ends = words.term_left(order, today)
        until = formats.day(order.valid_until)
        facts.append(Fact(label=_("登记到期日"), value=until, tag=ends, hint=until if ends else ""))
    if order.cancelled_on is not None:
        facts.append(Fact(label=_("注销日期"), value=formats.day(order.cancelled_on), hint=order.cancel_receipt_number))
    if order.receipt is not None:
        facts.append(Fact(label=_("登记回执扫描件"), value=order.receipt.original_name,
                          url=reverse("documents:download", args=[order.receipt.key])))
    return Thing(
        title=order.get_registry_display(), code=order.number, status=words.REGISTRATION_STATUSES[order.status],
        subtitle=contract.customer.masked_name, trail=[(_("抵押登记单"), reverse("contracts:registrations"))], facts=facts, deeds=deeds,
        warning=_("登记机关不予登记：%(why)s") % {"why": order.refusal} if order.status == "refused" else "",
        track=track_of(moves.history(order.subject), REGISTRATION, begun=_("开立登记单")),
    ).shown(request, refused)


def _deeds(order: RegistrationOrder, given: dict[str, forms.Form]) -> list[Deed]:
    today = business_date.current()
    is_unified = order.registry == UNIFIED
    possible: dict[str, tuple[Any, str, Callable[[], forms.Form], str]] = {
        "submit": (_("报送登记"), "submit_registration", lambda: SubmitForm(initial={"submitted_on": today}), ""),
        "accept": (_("登记回执"), "accept_registration", lambda: AcceptForm(is_unified=is_unified, initial={
            "registered_on": today, "office": _("中登网") if is_unified else ""}), ""),
        "refuse": (_("登记不予办理"), "refuse_registration", ReasonForm, "yes"),
        "redo": (_("重新办理"), "redo_registration", forms.Form, ""),
        "extend": (_("登记展期"), "extend_registration", lambda: ExtendRegistrationForm(initial={
            "registered_on": today, "office": order.office}), ""),
        "cancel": (_("注销登记"), "cancel_registration", lambda: CancelRegistrationForm(initial={"cancelled_on": today}), ""),
    }
    if not is_unified or order.mortgage.status not in ("release_requested", "released"):
        del possible["cancel"]
    if not is_unified:
        del possible["extend"]
    return [
        Deed(key=verb, label=label, url=reverse(f"contracts:{name}", args=[order.number]), form=given.get(verb) or fresh(), danger=danger)
        for verb, (label, name, fresh, danger) in possible.items() if REGISTRATION.allows(order.status, verb)
    ]


@require_POST
@needs(permissions.MORTGAGE)
def submit(request: HttpRequest, number: str) -> HttpResponse:
    form = SubmitForm(request.POST)
    return carry_out(
        request, form, lambda: submit_registration(
            order_number=number, business_date=business_date.current(), by=request.actor, **form.cleaned_data),
        done=_("已登记报送，等待登记机关回执。"), to=("contracts:registration", number),
        show=lambda: _shown(request, number, "submit", form))


@require_POST
@needs(permissions.MORTGAGE)
def accept(request: HttpRequest, number: str) -> HttpResponse:
    is_unified = registering.orders(request.actor).fetch(number).registry == UNIFIED
    form = AcceptForm(request.POST, request.FILES, is_unified=is_unified)

    def act() -> None:
        said = dict(form.cleaned_data)
        evidence, until = said.pop("evidence"), said.pop("valid_until", None)
        accept_registration(order_number=number, registration=Registration(**said), evidence=evidence, valid_until=until,
                            business_date=business_date.current(), by=request.actor)

    return carry_out(request, form, act, done=_("回执已登记。"), to=("contracts:registration", number),
                     show=lambda: _shown(request, number, "accept", form))


@require_POST
@needs(permissions.MORTGAGE)
def refuse(request: HttpRequest, number: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    return carry_out(
        request, form, lambda: refuse_registration(order_number=number, reason=form.cleaned_data["reason"], by=request.actor),
        done=_("已登记，补正后可以重新办理。"), to=("contracts:registration", number), show=lambda: _shown(request, number, "refuse", form))


@require_POST
@needs(permissions.MORTGAGE)
def redo(request: HttpRequest, number: str) -> HttpResponse:
    form = forms.Form(request.POST)
    return carry_out(request, form, lambda: redo_registration(order_number=number, by=request.actor), done=_("可以重新报送。"),
                     to=("contracts:registration", number), show=lambda: _shown(request, number, "redo", form))


@require_POST
@needs(permissions.MORTGAGE)
def extend(request: HttpRequest, number: str) -> HttpResponse:
    form = ExtendRegistrationForm(request.POST, request.FILES)

    def act() -> None:
        said = dict(form.cleaned_data)
        evidence, until = said.pop("evidence"), said.pop("valid_until")
        extend_registration(order_number=number, registration=Registration(**said), evidence=evidence, valid_until=until,
                            business_date=business_date.current(), by=request.actor)

    return carry_out(request, form, act, done=_("展期已登记。"), to=("contracts:registration", number),
                     show=lambda: _shown(request, number, "extend", form))


@require_POST
@needs(permissions.MORTGAGE)
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    form = CancelRegistrationForm(request.POST, request.FILES)
    return carry_out(
        request, form, lambda: cancel_registration(
            order_number=number, business_date=business_date.current(), by=request.actor, **form.cleaned_data),
        done=_("注销已登记。"), to=("contracts:registration", number), show=lambda: _shown(request, number, "cancel", form))


@needs(permissions.MORTGAGE)
def order(request: HttpRequest, number: str) -> HttpResponse:
    """Make the orders of a contract."""
    return counter_form(
        request, number, forms.Form(request.POST or None),
        lambda said: order_registrations(contract_number=number, business_date=business_date.current(), by=request.actor),
        title=_("开立抵押登记单"), submit=_("开立"), done=_("登记单已开立。"))


@needs(permissions.MORTGAGE)
def delivery(request: HttpRequest, number: str) -> HttpResponse:
    """When the buyer got the car."""
    today = business_date.current()
    return counter_form(
        request, number, DeliveryForm(request.POST or None, initial={"delivered_on": today}),
        lambda said: record_delivery(
            contract_number=number, vehicle_number=request.GET.get("vehicle", ""), business_date=today, by=request.actor, **said),
        title=_("登记交车日期"), submit=pgettext("record", "登记"), done=_("交车日期已登记，登记期限已更新。"))

