from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.origination import cars, errors, permissions, rules, steps
from chezhe.origination.models import Application, ApplicationVehicle
from chezhe.vehicles.models import Vehicle


@action(permissions.WRITE, label=_("添加其他抵押车辆"))
def add_further_vehicle(*, application_number: str, vehicle_number: str, by: Actor) -> Application:
    """Let a further car of the borrower, or of somebody who stands beside them, stand for the loan that is being applied for.

    Raises VehicleUnknown, VehicleFirstMissing or VehicleOfStranger (422), VehicleTwice, VehiclesFull or VehicleTaken (409).
    """
    application = steps.lock_editable(application_number, by)
    try:
        vehicle = Vehicle.objects.visible_to(by).fetch(vehicle_number.strip().upper())
    except NotFound:
        raise errors.VehicleUnknown() from None
    if application.vehicle is None:
        raise errors.VehicleFirstMissing()
    if vehicle == application.vehicle or application.further_vehicles.filter(vehicle=vehicle).exists():
        raise errors.VehicleTwice(vehicle=vehicle.number)
    if vehicle.owner_id not in cars.owners(application):
        raise errors.VehicleOfStranger(vehicle=vehicle.number)
    if application.further_vehicles.count() >= rules.FURTHER_MAX:
        raise errors.VehiclesFull(most=rules.FURTHER_MAX)
    if cars.is_taken(vehicle, application):
        raise errors.FurtherVehicleTaken(vehicle=vehicle.number)
    before = cars.standing_there(application)
    ApplicationVehicle.objects.create(application=application, vehicle=vehicle)
    steps.mark_cars(application, before, by)
    return application
