"""The worker takes a batch back, loan by loan."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions
from chezhe.servicing.repricing import batches
from chezhe.servicing.repricing.models import Repricing


@action(permissions.WORK_REPRICING, label=_("逐笔冲正重定价"))
def undo_repricing(*, batch_number: str, by: Actor) -> Repricing:
    """Take back the next chunk of a batch that is being reversed."""
    return batches.take_back_some(Repricing.objects.lock(batch_number), by=by)
