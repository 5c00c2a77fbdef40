from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.vehicles import permissions, steps
from chezhe.vehicles.models import Vehicle, VehiclePaper


@action(permissions.EDIT, label=_("登记车辆证件"))
def record_paper(*, vehicle_number: str, kind: str, content: Mapping[str, Any], by: Actor) -> VehiclePaper:
    """Take down what the vehicle licence or the registration certificate says, to hold it against the file."""
    vehicle = Vehicle.objects.visible_to(by).lock(vehicle_number)
    return steps.record_paper(vehicle, kind, content, by)
