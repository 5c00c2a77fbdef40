"""A device told for the first time where it is."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.collateral import fitting
from chezhe.contracts.models import GpsDevice
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.CONFIRM_GPS, label=_("登记 GPS 首次定位"))
def record_first_fix(*, device_number: str, fixed_at: datetime, by: Actor) -> GpsDevice:
    """Write down a device's first fix, told by its maker's callback or by a clerk; told again it stays the first. With the last device the
    condition is met. Raises NotFound (404) or Invalid (422)."""
    device = fitting.held(device_number, by)
    fitting.locate(device, fixed_at, by=by)
    return device
