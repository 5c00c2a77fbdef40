"""A batch was wrong as a whole."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions
from chezhe.servicing.repricing import batches
from chezhe.servicing.repricing.models import Repricing


@action(permissions.REVERSE_REPRICING, label=_("冲正重定价"))
def reverse_repricing(*, batch_number: str, reason: str, by: Actor) -> Repricing:
    """Ask for a batch to be taken back: when risk management agrees, every loan bears its old rate again from the repricing day on."""
    return batches.reverse(Repricing.objects.visible_to(by).lock(batch_number), reason, by=by)
