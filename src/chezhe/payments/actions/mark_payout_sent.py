"""The bank is about to be told."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import business_date, clock, events, jobs, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.payments import guards, permissions, steps
from chezhe.payments.models import Payout
from chezhe.payments.rules import query_pause
from chezhe.payments.states import PAYOUT


@action(permissions.SEND_PAYOUT, label=_("发出付款指令"))
def mark_payout_sent(*, payout_number: str, by: Actor) -> Payout:
    """Write down that the order leaves now, before it leaves, and when to ask the bank if it stays silent.

    An order that may already have left is sent again under the same bank reference, which the bank counts once. One that the room which
    ordered it does not let go any more fails instead.
    """
    named = Payout.objects.visible_to(by).fetch(payout_number)
    if named.way != "api":
        return named
    may_go = named.status != "requested" or guards.lets_go(named.reference, by=by)
    payout = Payout.objects.lock(payout_number)
    if payout.status != "requested":
        return payout
    if not may_go:
        steps.hold_back(payout, by=by)
        return payout
    payout.sent_at = clock.now()
    payout.save(update_fields=["sent_at"])
    moves.move(payout, PAYOUT, "send", by=by)
    events.publish("payout.sent", payout.subject, {
        "number": payout.number, "reference": payout.reference, "on": business_date.current().isoformat(),
    })
    jobs.enqueue("payments.query_payout", number=payout.number, attempt=payout.attempt, times=0, after_seconds=query_pause(0))
    return payout
