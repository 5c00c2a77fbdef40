"""A posted provision is taken back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.servicing import permissions
from chezhe.servicing.models import ProvisionRun
from chezhe.servicing.quality import provisions


@action(permissions.REVERSE_PROVISION, label=_("冲回拨备"))
def reverse_provision(*, provision_number: str, reason: str, by: Actor) -> ProvisionRun:
    """Mirror every entry of a posted run, the latest one first; the month can then be provided anew."""
    require_whole_house(by)
    return provisions.reverse(ProvisionRun.objects.visible_to(by).lock(provision_number), reason, by=by)
