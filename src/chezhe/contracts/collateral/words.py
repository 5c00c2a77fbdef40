"""Statuses and last days of collateral in words."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chezhe.contracts.collateral import lasting
from chezhe.contracts.collateral.fitting_models import GpsDevice
from chezhe.contracts.collateral.models import RegistrationOrder
from chezhe.contracts.collateral.states import CUSTODY, GPS_ORDER, REGISTRATION, RELEASE, STOCK_TAKE
from chezhe.ui.status import Status

_REGISTRATION_TONES = {"made": "info", "submitted": "progress", "accepted": "good", "refused": "danger", "dropped": "neutral",
                       "cancelled": "neutral"}
REGISTRATION_STATUSES = {code: Status(label, _REGISTRATION_TONES[code]) for code, label in REGISTRATION.choices()}
_CUSTODY_TONES = {"kept": "good", "lent": "progress", "out": "neutral"}
CUSTODY_STATUSES = {code: Status(label, _CUSTODY_TONES[code]) for code, label in CUSTODY.choices()}
_STOCK_TONES = {"open": "progress", "closed": "good"}
STOCK_STATUSES = {code: Status(label, _STOCK_TONES[code]) for code, label in STOCK_TAKE.choices()}
_RELEASE_TONES = {"ordered": "progress", "sent": "info", "done": "good", "withdrawn": "neutral"}
RELEASE_STATUSES = {code: Status(label, _RELEASE_TONES[code]) for code, label in RELEASE.choices()}
_GPS_TONES = {"ordered": "info", "installed": "progress", "located": "good", "cancelled": "neutral"}
GPS_STATUSES = {code: Status(label, _GPS_TONES[code]) for code, label in GPS_ORDER.choices()}
SOON_DAYS = 3


def term_left(order: RegistrationOrder, on: date) -> Status | None:
    """How long the record of a running loan still stands, once people are reminded of it; None before, and for others."""
    return time_left(order.valid_until, on) if lasting.term_days(order, on) is not None else None


def time_left(due_on: date | None, on: date) -> Status | None:
    """How long until a last day, as a tag; None where there is none."""
    if due_on is None:
        return None
    days = (due_on - on).days
    if days < 0:
        return Status(ngettext("已逾期 %(days)s 天", "已逾期 %(days)s 天", -days) % {"days": -days}, "danger")
    if days == 0:
        return Status(_("今天到期"), "warning")
    return Status(ngettext("还剩 %(days)s 天", "还剩 %(days)s 天", days) % {"days": days}, "warning" if days <= SOON_DAYS else "info")


def order_time_left(order: RegistrationOrder, on: date) -> Status | None:
    """The same for an order; None once nothing is left to do."""
    return time_left(order.due_on, on) if order.is_open else None


def fix_status(device: GpsDevice) -> Status:
    """Whether a device has told where it is."""
    return Status(_("已定位"), "good") if device.first_fix_at else Status(_("待首次定位"), "warning")
