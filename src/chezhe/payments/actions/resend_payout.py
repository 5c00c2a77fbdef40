"""The bank says that it never got the order."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import jobs
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.payments import permissions
from chezhe.payments.models import Payout


@action(permissions.SEND_PAYOUT, label=_("再次发出付款指令"))
def resend_payout(*, payout_number: str, attempt: int, by: Actor) -> Payout:
    """Let the same order leave once more under the same bank reference; an order that has been answered stays as it is."""
    payout = Payout.objects.visible_to(by).lock(payout_number)
    if payout.status == "sent" and payout.attempt == attempt:
        payout.acknowledged_at = None
        payout.save(update_fields=["acknowledged_at"])
        jobs.enqueue("payments.send_payout", number=payout.number)
    return payout
