"""A second person lets a batch leave for the bank."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import business_date, clock, events, jobs, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.payments import guards, permissions
from chezhe.payments.batches import queries
from chezhe.payments.batches.errors import BatchHeld, MadeByYou
from chezhe.payments.batches.models import PayoutBatch
from chezhe.payments.batches.states import BATCH
from chezhe.payments.models import Payout
from chezhe.payments.states import PAYOUT


@action(permissions.SEND_BATCH, label=_("发出批量付款文件"))
def send_batch(*, batch_number: str, by_hand: bool = False, by: Actor) -> PayoutBatch:
    """Mark every payout of the batch as sent, before it is; the worker takes the file to the bank, unless a person does `by_hand`.

    The whole batch stays when one of its payouts may not go any more. Raises MadeByYou, BatchHeld, FileDiffers or WrongState (409).
    """
    named = PayoutBatch.objects.visible_to(by).fetch(batch_number)
    lines = queries.lines_of(named)
    held = [line.payout.number for line in lines if not guards.lets_go(line.payout.reference, by=by)]
    batch = PayoutBatch.objects.visible_to(by).lock(batch_number)
    BATCH.require(batch.status, "send")
    if by.user_ids & set(batch.made_by_ids):
        raise MadeByYou(batch=batch.number)
    if held:
        raise BatchHeld(batch=batch.number, numbers="、".join(held))
    queries.file_of(batch)
    now, today = clock.now(), business_date.current()
    for line in lines:
        payout = Payout.objects.lock(line.payout.number)
        payout.sent_at = now
        payout.save(update_fields=["sent_at"])
        moves.move(payout, PAYOUT, "send", by=by, reason=batch.number)
        events.publish("payout.sent", payout.subject, {
            "number": payout.number, "reference": payout.reference, "on": today.isoformat()})
    batch.sent_at, batch.sent_by_name, batch.by_hand = now, by.name, by_hand
    batch.save(update_fields=["sent_at", "sent_by_name", "by_hand"])
    moves.move(batch, BATCH, "send", by=by)
    if not by_hand:
        jobs.enqueue("payments.transmit_batch", number=batch.number)
    return batch
