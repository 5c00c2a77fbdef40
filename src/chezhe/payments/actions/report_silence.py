"""The bank does not answer."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import events
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.payments import permissions
from chezhe.payments.models import Payout


@action(permissions.SETTLE_PAYOUT, label=_("报告银行未回复"))
def report_silence(*, payout_number: str, by: Actor) -> Payout:
    """Tell people that a payout has been with the bank for long without an answer; the questions go on."""
    payout = Payout.objects.visible_to(by).fetch(payout_number)
    events.publish("payment.bank_silent", payout.subject, {"number": payout.number, "attempt": payout.attempt})
    return payout
