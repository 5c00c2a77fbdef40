"""Devices and insurance of a contract's cars."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_POST

from chezhe.contracts import permissions, queries
from chezhe.contracts.actions.order_gps import order_gps
from chezhe.contracts.actions.record_first_fix import record_first_fix
from chezhe.contracts.actions.record_policy import record_policy
from chezhe.contracts.actions.replace_gps_device import replace_gps_device
from chezhe.contracts.collateral import fitting, insuring, words
from chezhe.contracts.collateral.fitting import Replacement
from chezhe.contracts.collateral.fitting_models import GpsDevice
from chezhe.contracts.collateral.forms import FirstFixForm, GpsOrderForm, PolicyForm, ReplaceDeviceForm
from chezhe.contracts.collateral.insuring import Policy
from chezhe.contracts.collateral.states import GPS_ORDER
from chezhe.contracts.models import Contract
from chezhe.contracts.views.counter import counter_form
from chezhe.contracts.views.things import Deed, Fact, Thing, carry_out
from chezhe.kernel import business_date, moves
from chezhe.kernel.doors import needs
from chezhe.ui import formats, forms
from chezhe.ui.lists import Column, CustomFilter, DateRangeFilter, ListPage, ScopeFilter
from chezhe.ui.parts import track_of
from chezhe.ui.status import Status

FIX = [("waiting", gettext_lazy("待首次定位")), ("located", gettext_lazy("已定位"))]


def _contract_url(device: GpsDevice) -> str:
    return reverse("contracts:gps", args=[device.contract.number])


@needs(permissions.VIEW_COLLATERAL)
def devices(request: HttpRequest) -> HttpResponse:
    """Every device in a car."""

    def narrow(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return rows.filter(first_fix_at__isnull=value == "waiting")

    return ListPage(
        title=_("GPS 设备"), subtitle=_("安装后有了首次定位，放款条件才算办妥。"), queryset=fitting.devices(request.actor),
        columns=[
            Column("device_number", _("设备编号"), kind="link", url=_contract_url, sortable=True),
            Column("contract.number", _("合同编号")), Column("contract.customer.masked_name", _("借款人"), phone=False),
            Column("fix", _("定位"), kind="status", value=words.fix_status), Column("installer", _("安装商"), phone=False),
            Column("installed_on", _("安装日期"), kind="date", sortable=True),
            Column("first_fix_at", _("首次定位"), kind="moment", sortable=True),
            Column("first_fix_source", _("定位来源"), value=lambda row: row.get_first_fix_source_display(), phone=False),
            Column("contract.branch.name", _("门店"), phone=False),
        ],
        filters=[
            ScopeFilter(owner="contract__owner_id", branch="contract__branch_id"),
            CustomFilter(name="fix", label=_("定位"), choices=FIX, narrow=narrow),
            DateRangeFilter(name="installed_on", label=_("安装日期")),
        ],
        search=("device_number__icontains", "contract__number__icontains"), search_hint=_("设备编号或合同编号"),
        default_sort="-installed_on", file_name="gps-devices", empty_title=_("还没有安装设备"),
    ).respond(request)


@require_GET
@needs(permissions.VIEW_COLLATERAL)
def gps(request: HttpRequest, number: str) -> HttpResponse:
    """The devices of one contract: ordered, fitted, located."""
    return _shown(request, number)


def _shown(request: HttpRequest, number: str, key: str = "", refused: forms.Form | None = None) -> HttpResponse:
    found = queries.contract(number, request.actor)
    orders, fitted = fitting.orders_of(found), fitting.of_contract(found)
    is_met = found.gps_fitted_on is not None and fitting.are_located(found)
    may = request.actor.can(permissions.CONFIRM_GPS.code)
    facts = [
        Fact(label=_("决策要求"), value=_("有线 %(wired)s 台、无线 %(wireless)s 台") % {
            "wired": found.gps_wired, "wireless": found.gps_wireless}),
        Fact(label=_("借款人"), value=found.customer.masked_name, url=reverse("contracts:contract", args=[number])),
        Fact(label=_("安装日期"), value=formats.day(found.gps_fitted_on), hint=found.gps_confirmed_by_name),
        *(Fact(label=_("安装单 %(number)s") % {"number": one.number}, tag=words.GPS_STATUSES[one.status],
               hint=f"{one.installer} · {formats.day(one.appointed_on)}") for one in orders),
        *(Fact(label=one.device_number, tag=words.fix_status(one), hint=_fix_words(one)) for one in fitted),
    ]
    links = []
    if may and found.needs_gps and found.gps_fitted_on is None and found.status in ("prepared", "signed"):
        links.append((_("确认 GPS 安装"), reverse("contracts:confirm_gps", args=[number]), "map-pin"))
    track = [one for row in orders for one in track_of(moves.history(row.subject), GPS_ORDER, begun=_("预约 GPS 安装"))]
    return Thing(
        title=_("GPS 安装与定位"), code=number, status=Status(_("已定位"), "good") if is_met else Status(_("未办妥"), "warning"),
        subtitle=found.customer.masked_name, trail=[(_("GPS 设备"), reverse("contracts:gps_devices"))], facts=facts, links=links,
        deeds=_deeds(found, fitted, bool(orders), {key: refused} if refused is not None else {}) if may else [], track=track,
    ).shown(request, refused)


def _fix_words(device: GpsDevice) -> str:
    parts = [device.installer, formats.day(device.installed_on)]
    if device.first_fix_at:
        parts += [formats.moment(device.first_fix_at), device.get_first_fix_source_display(), device.first_fix_by_name]
    return " · ".join(filter(None, parts))


def _deeds(found: Contract, fitted: list[GpsDevice], is_ordered: bool, given: dict[str, forms.Form]) -> list[Deed]:
    today, numbers = business_date.current(), [one.device_number for one in fitted if one.first_fix_at is None]
    deeds: list[tuple[str, Any, str, forms.Form]] = []
    is_open = found.needs_gps and found.status in ("prepared", "signed")
    if is_open and not is_ordered and found.gps_fitted_on is None:
        deeds.append(("order", _("预约 GPS 安装"), "order_gps", GpsOrderForm(initial={"appointed_on": today})))
    if numbers:
        deeds.append(("fix", _("登记首次定位"), "record_first_fix", FirstFixForm(numbers=numbers, initial={
            "fixed_on": today, "device_number": numbers[0]})))
        deeds.append(("replace", _("更换设备"), "replace_gps_device", ReplaceDeviceForm(numbers=numbers, initial={
            "installed_on": today, "old_number": numbers[0]})))
    return [
        Deed(key=key, label=label, url=reverse(f"contracts:{name}", args=[found.number]), form=given.get(key) or form)
        for key, label, name, form in deeds
    ]


@require_POST
@needs(permissions.CONFIRM_GPS)
def order(request: HttpRequest, number: str) -> HttpResponse:
    form = GpsOrderForm(request.POST)
    return carry_out(
        request, form, lambda: order_gps(
            contract_number=number, business_date=business_date.current(), by=request.actor, **form.cleaned_data),
        done=_("已预约安装。"), to=("contracts:gps", number), show=lambda: _shown(request, number, "order", form))


def _numbers(request: HttpRequest, number: str) -> list[str]:
    return [one.device_number for one in fitting.of_contract(queries.contract(number, request.actor))]


@require_POST
@needs(permissions.CONFIRM_GPS)
def fix(request: HttpRequest, number: str) -> HttpResponse:
    form = FirstFixForm(request.POST, numbers=_numbers(request, number))
    return carry_out(
        request, form, lambda: record_first_fix(
            device_number=form.cleaned_data["device_number"], fixed_at=form.cleaned_data["fixed_at"], by=request.actor),
        done=_("首次定位已登记。"), to=("contracts:gps", number), show=lambda: _shown(request, number, "fix", form))


@require_POST
@needs(permissions.CONFIRM_GPS)
def replace(request: HttpRequest, number: str) -> HttpResponse:
    form = ReplaceDeviceForm(request.POST, numbers=_numbers(request, number))

    def act() -> None:
        said = dict(form.cleaned_data)
        old, reason = said.pop("old_number"), said.pop("reason")
        replace_gps_device(device_number=old, replacement=Replacement(**said), reason=reason, business_date=business_date.current(),
                           by=request.actor)

    return carry_out(request, form, act, done=_("设备已更换，等待首次定位。"), to=("contracts:gps", number),
                     show=lambda: _shown(request, number, "replace", form))


@needs(permissions.RECORD_POLICY)
def policy(request: HttpRequest, number: str) -> HttpResponse:
    """Record the policy of a car."""
    today, vehicle = business_date.current(), request.GET.get("vehicle", "")

    def act(said: dict[str, Any]) -> None:
        evidence = said.pop("evidence")
        record_policy(contract_number=number, policy=Policy(vehicle_number=vehicle, **said), evidence=evidence, business_date=today,
                      by=request.actor)

    return counter_form(
        request, number, PolicyForm(request.POST or None, request.FILES or None, initial={"valid_from": today}), act,
        title=_("登记车辆保险"), submit=pgettext("record", "登记"), done=_("保险已登记。"))


@require_GET
@needs(permissions.VIEW_COLLATERAL)
def policies(request: HttpRequest, number: str) -> HttpResponse:
    """The policies on a contract's cars, and whether they let the money go today."""
    found, today = queries.contract(number, request.actor), business_date.current()
    is_met, rows = insuring.standing(found, today), insuring.of_contract(found)
    status = {
        None: Status(_("无须登记"), "neutral"), True: Status(_("已办妥"), "good"), False: Status(_("未办妥"), "warning")}[is_met]
    facts = [
        Fact(label=f"{one.insurer} {one.policy_number}", value=formats.money(one.amount),
             url=reverse("documents:download", args=[one.file.key]),
             hint=f"{one.vehicle.title} · {formats.day(one.valid_from)} ～ {formats.day(one.valid_to)} · {one.beneficiary}")
        for one in rows
    ]
    links = []
    if request.actor.can(permissions.RECORD_POLICY.code):
        links.append((_("登记车辆保险"), reverse("contracts:record_policy", args=[number]), "plus"))
    return Thing(
        title=_("车辆保险"), code=number, status=status, subtitle=found.customer.masked_name, links=links,
        trail=[(pgettext("list", "合同"), reverse("contracts:contract", args=[number]))],
        facts=facts or [Fact(label=_("保险单"), value=_("还没有登记"))],
    ).shown(request)
