"""Put the payouts that wait for it into one file for the bank."""

from __future__ import annotations

import hashlib

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock, events, locks, moves, numbers
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.payments import guards, permissions, steps
from chezhe.payments.batches import queries
from chezhe.payments.batches.errors import NothingToSend
from chezhe.payments.batches.models import BATCH_PREFIX, BatchLine, PayoutBatch
from chezhe.payments.batches.states import BATCH
from chezhe.payments.models import Payout


@action(permissions.MAKE_BATCH, label=_("生成批量付款文件"))
def make_batch(*, by: Actor) -> PayoutBatch:
    """Take every waiting payout that the room which ordered it still lets go, oldest first, at most 1,000; one that it does not let go
    fails instead. Raises NothingToSend (409)."""
    locks.hold("payments.make_batch")  # two batches at once could both take a payout
    named = list(queries.waiting(by).order_by("id").values_list("number", "reference")[: queries.LINES_MAX])
    if not named:
        raise NothingToSend()
    going = {number: guards.lets_go(reference, by=by) for number, reference in named}
    payouts = []
    for number, _reference in named:
        payout = Payout.objects.lock(number)
        if payout.status == "requested" and going[number]:
            payouts.append(payout)
        elif payout.status == "requested":
            steps.hold_back(payout, by=by)
    return _keep(payouts, by)


def _keep(payouts: list[Payout], by: Actor) -> PayoutBatch:
    number = numbers.next_number(BATCH_PREFIX, business_date.current())
    digest = hashlib.sha256(queries.composed(number, payouts)).hexdigest()
    batch = PayoutBatch.objects.create(
        number=number, digest=digest, count=len(payouts), amount=Money(sum(one.amount.fen for one in payouts)), branch_id=by.branch_id,
        made_at=clock.now(), made_by_id=by.user_id, made_by_ids=sorted(by.user_ids), made_by_name=by.name,
    )
    BatchLine.objects.bulk_create([
        BatchLine(batch=batch, place=place, payout=payout, attempt=payout.attempt) for place, payout in enumerate(payouts, 1)
    ])
    moves.record(batch.subject, "make", "", batch.status, by=by)
    if not payouts:  # none was let go: that they failed is written down, and nothing is left to send
        moves.move(batch, BATCH, "discard", by=by)
    events.publish("payout_batch.made", batch.subject, {"number": number, "count": batch.count, "amount_fen": batch.amount.fen})
    return batch
