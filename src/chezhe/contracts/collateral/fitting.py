"""Devices: ordered from an installer, fitted, and met as a condition once each has told where it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chezhe.contracts import rules
from chezhe.contracts.collateral import errors
from chezhe.contracts.collateral.fitting_models import GPS_PREFIX, GpsDevice, GpsOrder
from chezhe.contracts.collateral.states import GPS_ORDER
from chezhe.contracts.conditions import steps as condition_steps
from chezhe.contracts.models import Contract
from chezhe.kernel import clock, events, moves, numbers
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.kernel.errors import Invalid, NotFound, require_reason

SERVICE = "gps"
# Where a device may still be in a car of ours.
RUNNING = ("prepared", "signed", "effective")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """The device that takes another's place."""

    device_number: str
    installer: str
    installed_on: date


def moment_of(text: object) -> datetime:
    """A moment as a device's maker writes it, with its offset ("2026-09-01T14:05:00+08:00"). Raises ValueError for anything else."""
    at = datetime.fromisoformat(str(text))
    if at.tzinfo is None:
        raise ValueError("a moment needs its offset")
    return at


def in_shanghai(at: datetime) -> datetime:
    """A moment that says no offset is one of Shanghai."""
    return at if at.tzinfo is not None else at.replace(tzinfo=clock.SHANGHAI)


def devices(actor: Actor) -> QuerySet[GpsDevice]:
    """Every device inside somebody's reach that is in a car."""
    return GpsDevice.objects.visible_to(actor).filter(removed_at__isnull=True).select_related("contract__customer", "contract__branch")


def silent(actor: Actor) -> QuerySet[GpsDevice]:
    """待首次定位, of contracts that wait for their money."""
    rows = devices(actor).filter(first_fix_at__isnull=True, contract__status__in=["prepared", "signed"])
    return rows.order_by("installed_on", "id")


def of_contract(contract: Contract) -> list[GpsDevice]:
    """The devices in its car."""
    return list(contract.devices.filter(removed_at__isnull=True))


def are_located(contract: Contract) -> bool:
    """Whether every device that somebody fitted has told where it is, and there are as many as were asked for."""
    fixes = contract.devices.filter(removed_at__isnull=True).values_list("first_fix_at", flat=True)
    told = list(fixes)
    return len(told) >= contract.gps_wired + contract.gps_wireless and None not in told


def orders_of(contract: Contract) -> list[GpsOrder]:
    """What was ordered for a contract."""
    return list(contract.gps_orders.all())


def open_order(contract: Contract) -> GpsOrder | None:
    """The order that is not over yet, locked."""
    return GpsOrder.objects.select_for_update(no_key=True).filter(contract=contract, status__in=["ordered", "installed"]).first()


def order(contract: Contract, installer: str, appointed_on: date, on: date, *, by: Actor) -> GpsOrder:
    """An installer is to come to the car of a locked contract. Raises GpsNotAsked or GpsOrdered (409), or Invalid (422)."""
    if not contract.needs_gps or contract.status not in ("prepared", "signed"):
        raise errors.GpsNotAsked(contract=contract.number)
    standing = GpsOrder.objects.filter(contract=contract).exclude(status="cancelled").first()
    if standing is not None or contract.gps_fitted_on is not None:
        raise errors.GpsOrdered(contract=contract.number, number=standing.number if standing else contract.gps_devices)
    if appointed_on < on:
        raise Invalid(field="appointed_on", code="day_past", sentence=_("预约日期不能早于业务日期。"))
    made = GpsOrder.objects.create(
        number=numbers.next_number(GPS_PREFIX, on), contract=contract, installer=_installer(installer), appointed_on=appointed_on,
        ordered_at=clock.now(), ordered_by_name=by.name)
    moves.record(made.subject, "order", "", made.status, by=by)
    events.publish("gps.ordered", made.subject, {"contract": contract.number, "number": made.number})
    return made


def _installer(named: str) -> str:
    if not named.strip() or len(named) > 60:
        raise Invalid(field="installer", code="installer_missing", sentence=_("请填写安装商，最多 60 个字。"))
    return named.strip()


def install(contract: Contract, named: tuple[str, ...], on: date, *, by: Actor) -> None:
    """The devices of a locked contract are in the car. Raises DeviceElsewhere (422)."""
    standing = open_order(contract)
    for device_number in named:
        _put_in(contract, device_number, standing.installer if standing else "", on, by=by)
    if standing is not None and standing.status == "ordered":
        moves.move(standing, GPS_ORDER, "install", by=by, reason=" ".join(named))


def _put_in(contract: Contract, device_number: str, installer: str, on: date, *, by: Actor) -> None:
    if not device_number or len(device_number) > 40:
        raise Invalid(field="devices", code="device_number_wrong", sentence=_("设备编号最多 40 个字符。"))
    rows = GpsDevice.objects.filter(device_number=device_number, removed_at__isnull=True, contract__status__in=RUNNING)
    other = rows.exclude(contract=contract).select_related("contract").first()
    if other is not None:
        raise errors.DeviceElsewhere(device=device_number, contract=other.contract.number)
    GpsDevice.objects.create(
        contract=contract, device_number=device_number, installer=installer, installed_on=on, installed_by_name=by.name)


def held(device_number: str, by: Actor) -> GpsDevice:
    """A device with its contract and itself locked. Raises NotFound (404)."""
    rows = GpsDevice.objects.visible_to(by).filter(removed_at__isnull=True, contract__status__in=RUNNING)
    found = rows.filter(device_number=device_number.strip()).select_related("contract").first()
    if found is None:
        raise NotFound(what=device_number[:40])
    Contract.objects.lock(found.contract.number)
    return rows.select_related("contract").select_for_update(of=("self",), no_key=True).get(pk=found.pk)


def locate(device: GpsDevice, at: datetime, *, by: Actor) -> bool:
    """A locked device told where it is; False where it had told before. Raises Invalid (422) for a moment before it was fitted, or to
    come. With the last one the condition of its contract is met."""
    if device.first_fix_at is not None:
        return False
    if not datetime.combine(device.installed_on, time(), clock.SHANGHAI) <= at <= clock.now():
        raise Invalid(
            field="fixed_at", code="fix_impossible", sentence=_("定位时间须在安装日 %(first)s 之后、现在之前。"), first=device.installed_on)
    device.first_fix_at, device.first_fix_by_name = at, by.name
    device.first_fix_source = "vendor" if by.key == SYSTEM.key else "clerk"
    device.save(update_fields=["first_fix_at", "first_fix_by_name", "first_fix_source"])
    events.publish("gps.first_fix", device.subject, {"contract": device.contract.number, "device": device.device_number})
    _met(device.contract, by=by)
    return True


def _met(contract: Contract, *, by: Actor) -> None:
    if contract.gps_fitted_on is None or not are_located(contract):
        return
    standing = open_order(contract)
    if standing is not None and standing.status == "installed":
        moves.move(standing, GPS_ORDER, "locate", by=by)
    condition_steps.satisfy(contract, rules.GPS, proof=contract.gps_devices, by=by)


def replace(device: GpsDevice, other: Replacement, reason: str, *, by: Actor) -> GpsDevice:
    """Another device takes the place of a locked one that never told where it is. Raises DeviceLocated (409), DeviceElsewhere, Invalid or
    ReasonRequired (422)."""
    kept, contract = require_reason(reason, most=200), device.contract
    if device.first_fix_at is not None:
        raise errors.DeviceLocated(device=device.device_number)
    new = other.device_number.strip()
    if new == device.device_number or not new:
        raise Invalid(field="device_number", code="device_same", sentence=_("请填写新设备的编号。"))
    device.removed_at, device.removed_reason = clock.now(), kept
    device.save(update_fields=["removed_at", "removed_reason"])
    _put_in(contract, new, _installer(other.installer), other.installed_on, by=by)
    contract.gps_devices = " ".join(one.device_number for one in of_contract(contract))[:200]
    contract.save(update_fields=["gps_devices"])
    standing = open_order(contract)
    if standing is not None and standing.status == "installed":
        moves.move(standing, GPS_ORDER, "replace", by=by, reason=f"{device.device_number} → {new}")
    return GpsDevice.objects.select_related("contract").get(contract=contract, device_number=new, removed_at__isnull=True)
