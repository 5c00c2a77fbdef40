"""What stood in the way is gone."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions
from chezhe.servicing.repricing import batches
from chezhe.servicing.repricing.models import Repricing


@action(permissions.REVERSE_REPRICING, label=_("重试未能生效的重定价"))
def retry_repricing(*, batch_number: str, by: Actor) -> Repricing:
    """Try the loans of a batch again that could not be repriced."""
    return batches.retry(Repricing.objects.visible_to(by).lock(batch_number), by=by)
