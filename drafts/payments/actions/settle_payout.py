"""The bank has answered."""

from __future__ import annotations

from typing import Literal

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import business_date, clock, events, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.ledger import steps as ledger_steps
from chezhe.payments import permissions, postings
from chezhe.payments.models import Payout
from chezhe.payments.states import PAYOUT

Outcome = Literal["paid", "failed", "returned"]
_VERBS = {"paid": "settle", "failed": "fail", "returned": "return"}


class AnswerContradicts(BusinessError):
    code = "bank_answer_contradicts"
    sentence = _("银行对 %(number)s 的通知（%(outcome)s）与已登记的结果（%(status)s）矛盾，请与银行核对。")


@action(permissions.SETTLE_PAYOUT)
def settle_payout(*, payout_number: str, attempt: int, outcome: Outcome, bank_serial: str, failure_code: str, by: Actor) -> Payout:
    """Record the bank's answer to a payout once, however often and in whatever order the bank tells it."""
    payout = Payout.objects.visible_to(by).lock(payout_number)
    if payout.attempt != attempt or payout.status == outcome:
        return payout  # news of an attempt that is over, or the same news again
    if not PAYOUT.allows(payout.status, _VERBS[outcome]):
        raise AnswerContradicts(number=payout.number, outcome=outcome, status=PAYOUT.label(payout.status))
    payout.bank_serial, payout.failure_code, payout.settled_at = bank_serial, failure_code, clock.now()
    payout.save(update_fields=["bank_serial", "failure_code", "settled_at"])
    moves.move(payout, PAYOUT, _VERBS[outcome], by=by, reason=failure_code)
    _book(payout, outcome, by)
    events.publish(f"payout.{outcome}", payout.subject, {
        "number": payout.number, "reference": payout.reference, "amount_fen": payout.amount.fen,
        "paid_on": business_date.current().isoformat(), "failure_code": failure_code,
    })
    return payout


def _book(payout: Payout, outcome: Outcome, by: Actor) -> None:
    book = {"paid": postings.payout_paid, "returned": postings.payout_returned}.get(outcome)
    if book is None:
        return
    ledger_steps.post(
        event=f"payout_{outcome}", reference=f"payout-{outcome}:{payout.bank_reference}",
        transfers=book(payout.amount, payout.subject), on=business_date.current(), branch_id=payout.branch_id,
        memo=payout.memo, by=by,
    )
