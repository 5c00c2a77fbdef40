"""The worker takes files of payouts to the bank and fetches its answers."""

from __future__ import annotations

from datetime import timedelta

import structlog

from chezhe.kernel import jobs, outside
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import BusinessError
from chezhe.kernel.jobs import job
from chezhe.payments.actions.import_batch_answer import import_batch_answer
from chezhe.payments.actions.note_batch_taken import note_batch_taken
from chezhe.payments.batches import queries
from chezhe.payments.batches.models import PayoutBatch
from chezhe.payments.vendors.bank import batch as bank

log = structlog.get_logger("chezhe.payments")
ANSWER_AFTER_SECONDS = 90


@job("payments.transmit_batch", queue="bank")
def transmit_batch(number: str) -> None:
    """Hand a file in; twice is harmless, because the bank knows our number and the orders in it."""
    batch = PayoutBatch.objects.get(number=number)
    if batch.status != "sent" or batch.acknowledged_at is not None:
        return
    try:
        bank.hand_in(number, queries.file_of(batch))
    except outside.Unreachable as silence:
        log.warning("batch not handed in", batch=number, failure=str(silence))
        return
    note_batch_taken(batch_number=number, by=SYSTEM)
    jobs.enqueue("payments.fetch_batch_answer", number=number, after_seconds=ANSWER_AFTER_SECONDS)


@job("payments.fetch_batch_answer", queue="bank")
def fetch_batch_answer(number: str) -> None:
    """Take the bank's answer in, once it is there."""
    try:
        answer = bank.fetch_answer(number)
        if answer is not None:
            import_batch_answer(batch_number=number, content=answer.content, name=answer.name, by=SYSTEM)
    except (outside.Unreachable, BusinessError) as trouble:
        log.warning("batch not answered", batch=number, failure=str(trouble))


@job("payments.follow_batches", queue="upkeep", every=timedelta(minutes=5))
def follow_batches() -> int:
    """The net under the two jobs above; returns how many batches were taken up."""
    open_batches = list(PayoutBatch.objects.filter(status="sent", by_hand=False).order_by("id"))
    for batch in open_batches:
        name = "payments.fetch_batch_answer" if batch.acknowledged_at else "payments.transmit_batch"
        jobs.enqueue(name, number=batch.number)
    return len(open_batches)
