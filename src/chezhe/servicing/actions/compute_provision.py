"""The worker works out a month's provision."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions
from chezhe.servicing.models import ProvisionRun
from chezhe.servicing.quality import provisions


@action(permissions.COMPUTE_PROVISION, label=_("计算拨备"))
def compute_provision(*, provision_number: str, by: Actor) -> ProvisionRun:
    """Grade the book, keep a line a loan and add up; a run that is done or discarded stays as it is."""
    return provisions.compute(ProvisionRun.objects.visible_to(by).lock(provision_number), by=by)
