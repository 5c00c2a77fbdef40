"""The collateral's place in the rail, its piles of waiting work and its subjects."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.collateral import custody, fitting, lasting, registering, releasing, stocktaking, words
from chezhe.contracts.models import GpsOrder
from chezhe.kernel import clock, roles, subjects, worklist
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.kernel.subjects import Subject
from chezhe.kernel.worklist import Waiting
from chezhe.ui import navigation
from chezhe.ui.navigation import NavItem


def register() -> None:
    """Called once at start-up."""
    see = permissions.VIEW_COLLATERAL.code
    navigation.register(NavItem(
        "contracts.registrations", "contracts", _("抵押登记单"), "contracts:registrations", see, icon="shield-check", order=40))
    navigation.register(NavItem("contracts.vault", "contracts", _("权证与钥匙"), "contracts:vault", see, icon="key", order=41))
    navigation.register(NavItem("contracts.releases", "contracts", _("解押交证"), "contracts:releases", see, icon="shield-off", order=42))
    navigation.register(NavItem("contracts.gps", "contracts", _("GPS 设备"), "contracts:gps_devices", see, icon="map-pin", order=43))
    subjects.register("registration", _open_registration)
    subjects.register("release", _open_release)
    subjects.register("custody", _open_item)
    subjects.register("stock_take", _open_stock_take)
    subjects.register("gps_order", _open_gps_order)
    worklist.register(worklist.Pile(
        "contracts.registrations", _("抵押登记待办"), "contracts:registrations", permissions.MORTGAGE.code,
        worklist.Counted(registering.open_orders), _registrations, icon="shield-check", order=22, verb=_("办理登记"), query="due=open",
        roles=(roles.COLLATERAL_OPS,), late=_late(registering.open_orders, "due_on")))
    worklist.register(worklist.Pile(
        "contracts.terms", _("中登网登记将到期"), "contracts:registrations", permissions.MORTGAGE.code,
        worklist.Counted(lasting.ending_soon), _terms, icon="calendar", order=23, verb=_("登记展期"), query="term=ending",
        roles=(roles.COLLATERAL_OPS,), late=_late(lasting.ending_soon, "valid_until")))
    worklist.register(worklist.Pile(
        "contracts.lent", _("借出权证待归还"), "contracts:vault", permissions.KEEP_CUSTODY.code, worklist.Counted(custody.lent), _lent,
        icon="key", order=29, verb=_("归还入库"), query="status=lent", roles=(roles.COLLATERAL_OPS,), late=_late(custody.lent, "due_back")))
    worklist.register(worklist.Pile(
        "contracts.releases", _("解押交证待办"), "contracts:releases", permissions.MORTGAGE.code,
        worklist.Counted(releasing.open_releases), _releases, icon="shield-off", order=26, verb=_("办理解押交证"), query="due=open",
        roles=(roles.COLLATERAL_OPS,), late=_late(releasing.open_releases, "due_on")))
    worklist.register(worklist.Pile(
        "contracts.silent", _("GPS 待首次定位"), "contracts:gps_devices", permissions.CONFIRM_GPS.code, worklist.Counted(fitting.silent),
        _silent, icon="map-pin", order=24, verb=_("登记首次定位"), query="fix=waiting", roles=(roles.COLLATERAL_OPS,)))


def _late(rows: Callable[[Actor], QuerySet[Any]], field: str) -> Callable[[Actor, datetime], int]:
    """Counts those of somebody's rows whose day was over before a moment."""
    return lambda actor, at: rows(actor).filter(**{f"{field}__lt": at.astimezone(clock.SHANGHAI).date()}).count()


def end_of(day: date | None) -> datetime | None:
    """The last minute of a day in Shanghai."""
    return datetime.combine(day, time(23, 59), clock.SHANGHAI) if day else None


def _registrations(actor: Actor, most: int) -> list[Waiting]:
    return [
        Waiting(f"{row.contract.number} {row.contract.customer.masked_name}", reverse("contracts:registration", args=[row.number]),
                end_of(row.due_on), str(row.get_registry_display()), row.contract.principal,
                datetime.combine(row.made_on, time(9), clock.SHANGHAI))
        for row in registering.open_orders(actor)[:most]
    ]


def _terms(actor: Actor, most: int) -> list[Waiting]:
    return [
        Waiting(f"{row.contract.number} {row.contract.customer.masked_name}", reverse("contracts:registration", args=[row.number]),
                end_of(row.valid_until), str(row.get_registry_display()), row.contract.principal)
        for row in lasting.ending_soon(actor)[:most]
    ]


def _require(actor: Actor, number: str) -> None:
    if not actor.can(permissions.VIEW_COLLATERAL.code):
        raise NotFound(what=number)


def _open_registration(actor: Actor, number: str) -> Subject:
    _require(actor, number)
    row = registering.orders(actor).fetch(number)
    return Subject(row.subject, f"{row.contract.customer.masked_name} {number}", url=reverse("contracts:registration", args=[number]),
                   branch_id=row.contract.branch_id, owner_id=row.contract.owner_id)


def _open_item(actor: Actor, number: str) -> Subject:
    _require(actor, number)
    row = custody.items(actor).fetch(number)
    return Subject(row.subject, f"{row.get_kind_display()} {number}", url=reverse("contracts:custody_item", args=[number]),
                   branch_id=row.branch_id, owner_id=row.contract.owner_id)


def _lent(actor: Actor, most: int) -> list[Waiting]:
    return [
        Waiting(f"{row.get_kind_display()} {row.number}", reverse("contracts:custody_item", args=[row.number]), end_of(row.due_back),
                row.holder)
        for row in custody.lent(actor)[:most]
    ]


def _open_release(actor: Actor, number: str) -> Subject:
    _require(actor, number)
    row = releasing.releases(actor).fetch(number)
    return Subject(row.subject, f"{row.contract.customer.masked_name} {number}", url=reverse("contracts:release_of", args=[number]),
                   branch_id=row.contract.branch_id, owner_id=row.contract.owner_id)


def _releases(actor: Actor, most: int) -> list[Waiting]:
    return [
        Waiting(f"{row.contract.number} {row.contract.customer.masked_name}", reverse("contracts:release_of", args=[row.number]),
                end_of(row.due_on), str(words.RELEASE_STATUSES[row.status].label), None,
                datetime.combine(row.ordered_on, time(9), clock.SHANGHAI))
        for row in releasing.open_releases(actor)[:most]
    ]


def _silent(actor: Actor, most: int) -> list[Waiting]:
    return [
        Waiting(f"{row.contract.number} {row.device_number}", reverse("contracts:gps", args=[row.contract.number]), None, row.installer,
                None, datetime.combine(row.installed_on, time(9), clock.SHANGHAI))
        for row in fitting.silent(actor)[:most]
    ]


def _open_stock_take(actor: Actor, number: str) -> Subject:
    _require(actor, number)
    row = stocktaking.stock_takes(actor).fetch(number)
    return Subject(row.subject, f"{row.branch.name} {number}", url=reverse("contracts:stock_take", args=[number]), branch_id=row.branch_id)


def _open_gps_order(actor: Actor, number: str) -> Subject:
    _require(actor, number)
    row = GpsOrder.objects.visible_to(actor).select_related("contract").fetch(number)
    return Subject(row.subject, f"{row.installer} {number}", url=reverse("contracts:gps", args=[row.contract.number]),
                   branch_id=row.contract.branch_id, owner_id=row.contract.owner_id)
