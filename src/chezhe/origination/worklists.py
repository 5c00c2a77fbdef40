"""What of applications waits for whom. Votes are not here: they wait in the inbox, whose pile opens the reviewing page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chezhe.kernel import business_date, clock, worklist
from chezhe.kernel.actor import Actor
from chezhe.kernel.worklist import Pile, Waiting
from chezhe.origination import permissions, queries
from chezhe.origination.models import Application
from chezhe.origination.states import APPLICATION
from chezhe.vehicles import permissions as vehicle_permissions

Rows = Callable[[Actor], QuerySet[Application]]


_OFFERED = worklist.Counted(queries.offered, mark=date.min, given=business_date.current)


def register() -> None:
    """Called once at start-up."""
    write = permissions.WRITE.code
    for pile in (
        _pile("applications_supplement", _("待补件"), write, queries.to_complete, verb=_("补件"), query="state=supplement",
              icon="file-plus", order=20),
        _pile("applications_offered", _("待客户接受批复"), permissions.ACCEPT_OFFER.code, _offered, count=_OFFERED, verb=_("登记接受"),
              query="state=approved", icon="clipboard-check", order=23),
        _pile("applications_unvalued", _("待评估车辆"), vehicle_permissions.VALUE.code, queries.unvalued, verb=_("录入评估"),
              query="state=open", icon="car", order=24, waiting=_to_value),
        _pile("applications_draft", _("未提交的进件"), write, queries.unfinished, verb=_("继续填写"), query="scope=own&state=draft",
              icon="pencil", order=60),
    ):
        worklist.register(pile)


def _pile(
    key: str, label: Any, permission: str, rows: Rows, *, waiting: Any = None, count: worklist.Counted | None = None, **more: Any,
) -> Pile:
    one = waiting or _waiting
    return Pile(
        key, label, "origination:applications", permission, count or worklist.Counted(rows),
        lambda actor, most: [one(application) for application in rows(actor)[:most]], **more,
    )


def _offered(actor: Actor) -> QuerySet[Application]:
    return queries.offered(actor, business_date.current())


def _waiting(application: Application) -> Waiting:
    return Waiting(
        application.customer.masked_name, queries.page_of(application), _due_at(application), APPLICATION.label(application.status),
        application.amount, application.submitted_at or application.created_at,
    )


def _due_at(application: Application) -> datetime | None:
    """For an offer the end of its last day."""
    last = application.approval_expires_on if application.status == "approved" else None
    return datetime.combine(last, time(23, 59), clock.SHANGHAI) if last else None


def _to_value(application: Application) -> Waiting:
    vehicle = application.vehicle
    assert vehicle is not None, "only applications on a car are asked for"
    return Waiting(
        vehicle.title, reverse("vehicles:value", args=[vehicle.number]), None, application.customer.masked_name, application.amount,
        application.submitted_at or application.created_at,
    )
