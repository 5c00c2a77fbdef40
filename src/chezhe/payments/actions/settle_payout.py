"""The bank has answered an order or a question of ours."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.payments import permissions, steps
from chezhe.payments.models import Payout
from chezhe.payments.steps import BankAnswer


@action(permissions.SETTLE_PAYOUT, label=_("登记付款结果"))
def settle_payout(*, payout_number: str, answer: BankAnswer, by: Actor) -> Payout:
    """Record what the bank says of a payout, once; what cannot be true is kept for somebody to clear up."""
    payout = Payout.objects.visible_to(by).lock(payout_number)
    if steps.settle(payout, answer, by=by) == "contradicts":
        steps.keep_notice(steps.Notice(
            notice_id=f"answer-{payout.number}.{answer.attempt}-{answer.outcome}", outcome=answer.outcome, amount=payout.amount,
            bank_reference=f"{payout.number}.{answer.attempt}", bank_serial=answer.bank_serial, failure_code=answer.failure_code,
        ), "contradicts", payout)
    return payout
