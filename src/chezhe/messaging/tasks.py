"""The worker's door: hand queued messages to their vendor."""

from __future__ import annotations

from chezhe.kernel import clock, jobs, outside
from chezhe.kernel.actor import SYSTEM
from chezhe.messaging import queries, rules, steps, vendors
from chezhe.messaging.actions.record_delivery import record_delivery
from chezhe.messaging.actions.refuse_message import refuse_message

SILENCE = rules.Reply(is_taken=False, code="vendor_unreachable", may_retry=True)


@jobs.job(steps.JOB)
def deliver(number: str) -> None:
    """Hand over one message, outside every transaction; running twice is harmless, since the vendor knows the reference."""
    waiting = queries.delivery(number)
    if waiting is None:
        return
    hold = steps.hold_of(waiting.message)
    if hold is not None and hold.possible_at is not None:
        wait = int((hold.possible_at - clock.now()).total_seconds()) + 1
        jobs.enqueue(steps.JOB, after_seconds=max(1, wait), number=number)
    elif hold is not None:
        refuse_message(message_number=number, hold=hold, by=SYSTEM)
    else:
        record_delivery(message_number=number, reply=_hand_over(waiting), by=SYSTEM)


def _hand_over(waiting: queries.Delivery) -> rules.Reply:
    try:
        reply: rules.Reply = vendors.CLIENTS[waiting.message.channel].send(waiting.outgoing)
    except outside.Unreachable:
        return SILENCE
    return reply
