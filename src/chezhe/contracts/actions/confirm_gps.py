"""What the decision wants fitted in the car is fitted."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions, rules, steps
from chezhe.contracts.collateral import fitting
from chezhe.contracts.collateral.errors import GpsNotAsked
from chezhe.contracts.models import Contract
from chezhe.contracts.states import CONTRACT
from chezhe.kernel import events, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid


class GpsConfirmed(BusinessError):
    code = "gps_confirmed"
    sentence = _("GPS 安装已由 %(name)s 确认（%(on)s），不必重复确认。")


@action(permissions.CONFIRM_GPS, label=_("确认 GPS 安装"))
def confirm_gps(*, contract_number: str, fitted_on: date, devices: str, business_date: date, by: Actor) -> Contract:
    """Stand by it, with name and day, that every device is fitted which the decision asks for; the condition is met once each of them has
    had its first fix.

    `devices` are their numbers, as many as were asked for. Raises GpsNotAsked, GpsConfirmed or WrongState (409), DayImpossible,
    DeviceElsewhere or Invalid (422).
    """
    contract = Contract.objects.visible_to(by).lock(contract_number)
    CONTRACT.require(contract.status, "confirm_gps")
    if not contract.needs_gps:
        raise GpsNotAsked(contract=contract.number)
    if contract.gps_fitted_on is not None:
        raise GpsConfirmed(name=contract.gps_confirmed_by_name, on=contract.gps_fitted_on)
    steps.require_day("fitted_on", fitted_on, first=contract.prepared_on, last=business_date)
    named, needed = rules.device_numbers(devices), contract.gps_wired + contract.gps_wireless
    if len(named) < needed:
        raise Invalid(field="devices", code="devices_missing", sentence=_("决策要求 %(needed)s 台，请逐台填写设备编号。"), needed=needed)
    contract.gps_devices, contract.gps_fitted_on, contract.gps_confirmed_by_name = " ".join(named), fitted_on, by.name
    contract.save(update_fields=["gps_devices", "gps_fitted_on", "gps_confirmed_by_name"])
    fitting.install(contract, named, fitted_on, by=by)
    moves.move(contract, CONTRACT, "confirm_gps", by=by, reason=contract.gps_devices)
    events.publish("contract.gps_confirmed", contract.subject, {"number": contract.number, "on": fitted_on.isoformat()})
    return contract
