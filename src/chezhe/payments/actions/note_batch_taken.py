"""The bank has taken a batch."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.payments import permissions
from chezhe.payments.batches.models import PayoutBatch


@action(permissions.SEND_PAYOUT, label=_("登记银行受理批次"))
def note_batch_taken(*, batch_number: str, by: Actor) -> PayoutBatch:
    """Note when the bank took the file; told again it changes nothing."""
    batch = PayoutBatch.objects.lock(batch_number)
    if batch.acknowledged_at is None:
        batch.acknowledged_at = clock.now()
        batch.save(update_fields=["acknowledged_at"])
    return batch
