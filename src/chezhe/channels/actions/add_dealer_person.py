from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.channels import permissions, steps
from chezhe.channels.models import Dealer, DealerPerson
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.MANAGE_PEOPLE, label=_("开通车商人员"))
def add_dealer_person(*, dealer_number: str, name: str, mobile: str, by: Actor) -> DealerPerson:
    """Let somebody of a dealer file and follow the dealer's cases at the portal, by the mobile number that codes are sent to."""
    dealer = Dealer.objects.visible_to(by).lock(dealer_number)
    return steps.add_person(dealer, name, mobile, by)
