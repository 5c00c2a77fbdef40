from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.channels import permissions
from chezhe.channels.models import Dealer, DealerPerson
from chezhe.kernel import clock
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound, require_reason


@action(permissions.MANAGE_PEOPLE, label=_("停用车商人员"))
def disable_dealer_person(*, dealer_number: str, person_id: int, reason: str, by: Actor) -> DealerPerson:
    """Close the portal to somebody of a dealer from this moment on; stopping twice changes nothing."""
    require_reason(reason)
    dealer = Dealer.objects.visible_to(by).lock(dealer_number)
    person = dealer.people.filter(pk=person_id).first()
    if person is None:
        raise NotFound(what=str(person_id))
    if person.disabled_at is None:
        person.disabled_at, person.disabled_by_name = clock.now(), by.name
        person.save(update_fields=["disabled_at", "disabled_by_name"])
    return person
