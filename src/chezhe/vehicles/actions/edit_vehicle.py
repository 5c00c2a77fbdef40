from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NothingChanged
from chezhe.vehicles import permissions, steps
from chezhe.vehicles.models import Vehicle


@action(permissions.EDIT, label=_("修改车辆档案"))
def edit_vehicle(
    *, vehicle_number: str, version: int, changes: Mapping[str, Any], reason: str = "", business_date: date, by: Actor
) -> Vehicle:
    """Correct a car's file or move it to another owner; a stale form is refused (409) and the history keeps both values."""
    vehicle = Vehicle.objects.visible_to(by).lock(vehicle_number)
    vehicle.require_version(version)
    differing = steps.apply(vehicle, changes, business_date, by)
    if not differing:
        raise NothingChanged()
    vehicle.touch(by)
    steps.save_once(vehicle, by)
    steps.keep_changes(vehicle, differing, by)
    return vehicle
