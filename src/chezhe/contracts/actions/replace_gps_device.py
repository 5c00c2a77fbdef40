"""A device that stays silent is replaced."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions, steps
from chezhe.contracts.collateral import fitting
from chezhe.contracts.collateral.fitting import Replacement
from chezhe.contracts.models import GpsDevice
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.CONFIRM_GPS, label=_("更换 GPS 设备"))
def replace_gps_device(*, device_number: str, replacement: Replacement, reason: str, business_date: date, by: Actor) -> GpsDevice:
    """Put another device in the place of one that never had a fix, or whose number was mistyped; the new one needs its own fix. Raises
    NotFound (404), DeviceLocated (409), DeviceElsewhere, DayImpossible, Invalid or ReasonRequired (422)."""
    device = fitting.held(device_number, by)
    steps.require_day("installed_on", replacement.installed_on, first=device.contract.prepared_on, last=business_date)
    return fitting.replace(device, replacement, reason, by=by)
