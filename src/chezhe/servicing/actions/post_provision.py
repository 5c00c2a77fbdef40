"""A second person posts a month's provision."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.servicing import permissions
from chezhe.servicing.models import ProvisionRun
from chezhe.servicing.quality import provisions


@action(permissions.POST_PROVISION, label=_("拨备入账"))
def post_provision(*, provision_number: str, by: Actor) -> ProvisionRun:
    """Book the difference between what the run found and what stands, by product and branch. Who started the run may not."""
    require_whole_house(by)
    return provisions.post(ProvisionRun.objects.visible_to(by).lock(provision_number), by=by)
