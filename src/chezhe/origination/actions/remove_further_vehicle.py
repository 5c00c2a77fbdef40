from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.origination import cars, errors, permissions, steps
from chezhe.origination.models import Application


@action(permissions.WRITE, label=_("移除其他抵押车辆"))
def remove_further_vehicle(*, application_number: str, vehicle_number: str, by: Actor) -> Application:
    """Take a further car out of an application that is still being written. Raises VehicleNotHere (404)."""
    application = steps.lock_editable(application_number, by)
    found = application.further_vehicles.filter(vehicle__number=vehicle_number.strip().upper()).first()
    if found is None:
        raise errors.VehicleNotHere(number=vehicle_number[:40])
    before = cars.standing_there(application)
    found.delete()
    steps.mark_cars(application, before, by)
    return application
