"""The bank says that it never got the order."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import jobs
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.payments import guards, permissions, steps
from chezhe.payments.models import Payout


@action(permissions.SEND_PAYOUT, label=_("再次发出付款指令"))
def resend_payout(*, payout_number: str, attempt: int, by: Actor) -> Payout:
    """Let the same order leave once more under the same bank reference; an order that has been answered stays as it is.

    One that the room which ordered it does not let go any more fails instead.
    """
    named = Payout.objects.visible_to(by).fetch(payout_number)
    may_go = named.status != "sent" or guards.lets_go(named.reference, by=by)
    payout = Payout.objects.lock(payout_number)
    if payout.way != "api" or payout.status != "sent" or payout.attempt != attempt:
        return payout
    if may_go:
        payout.acknowledged_at = None
        payout.save(update_fields=["acknowledged_at"])
        jobs.enqueue("payments.send_payout", number=payout.number)
    else:
        steps.hold_back(payout, by=by)
    return payout
