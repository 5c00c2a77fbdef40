from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.origination import cars, errors, permissions, steps
from chezhe.origination.models import Application
from chezhe.origination.revising import history


@action(permissions.WRITE, label=_("移除共借或担保人"))
def remove_party(*, application_number: str, customer_number: str, by: Actor) -> Application:
    """Take somebody out of an application that is still being written."""
    application = steps.lock_editable(application_number, by)
    party = application.parties.filter(customer__number=customer_number.strip().upper()).first()
    if party is None:
        raise errors.PartyUnknown(number=customer_number[:40])
    for car in cars.of(application):
        if car.owner_id == party.customer_id:
            raise errors.PartyOwnsVehicle(name=party.customer.masked_name, vehicle=car.number)
    before = history.standing_beside(application)
    party.delete()
    steps.mark_beside(application, before, by)
    return application
