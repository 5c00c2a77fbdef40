"""The worker reprices what was agreed to."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions
from chezhe.servicing.repricing import batches
from chezhe.servicing.repricing.models import Repricing


@action(permissions.WORK_REPRICING, label=_("执行重定价"))
def apply_repricing(*, batch_number: str, by: Actor) -> Repricing:
    """Reprice the next chunk of a batch; a loan that cannot be repriced is named with the reason."""
    return batches.apply_some(Repricing.objects.lock(batch_number), by=by)
