"""A batch that has not left is given up."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import require_reason
from chezhe.payments import permissions
from chezhe.payments.batches.models import PayoutBatch
from chezhe.payments.batches.states import BATCH


@action(permissions.MAKE_BATCH, label=_("撤销批量付款文件"))
def discard_batch(*, batch_number: str, reason: str, by: Actor) -> PayoutBatch:
    """Set its payouts free for another batch. Raises WrongState (409) once it has left, or ReasonRequired (422)."""
    batch = PayoutBatch.objects.visible_to(by).lock(batch_number)
    BATCH.require(batch.status, "discard")
    kept = require_reason(reason, most=200)
    batch.lines.update(is_dropped=True)
    moves.move(batch, BATCH, "discard", by=by, reason=kept)
    return batch
