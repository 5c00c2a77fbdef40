from __future__ import annotations

from dataclasses import dataclass

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import FieldUnknown, require_reason
from chezhe.vehicles import permissions
from chezhe.vehicles.models import Vehicle

REVEALED = ("vin", "plate", "engine_no")


@dataclass(frozen=True, slots=True)
class Revealed:
    """A value in full; the audit trail gets the subject and never the value."""

    subject: str
    value: str


@action(permissions.REVEAL)
def reveal_field(*, vehicle_number: str, field_code: str, reason: str, by: Actor) -> Revealed:
    """Show a masked number of a car in full for a stated reason."""
    require_reason(reason)
    vehicle = Vehicle.objects.visible_to(by).fetch(vehicle_number)
    if field_code not in REVEALED:
        raise FieldUnknown(field=field_code[:40])
    return Revealed(vehicle.subject, str(getattr(vehicle, field_code)))
