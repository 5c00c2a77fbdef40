"""A payment was booked in error."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import steps as contract_steps
from chezhe.kernel import business_date, events, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.ledger import steps as ledger_steps
from chezhe.servicing import permissions, steps
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.states import LOAN


class AlreadyReversed(BusinessError):
    code = "repayment_already_reversed"
    sentence = _("这笔还款已于 %(on)s 冲正，不能再冲正一次。")


class NotReversible(BusinessError):
    code = "event_not_reversible"
    sentence = _("只有还款和提前结清可以冲正。")


@action(permissions.REVERSE)
def reverse_repayment(*, loan_number: str, event_id: int, reason: str, by: Actor) -> LoanEvent:
    """Take a payment back: its entry is mirrored, the rest of the loan's life is lived again without it."""
    loan = Loan.objects.visible_to(by).lock(loan_number)
    taken_back = _event(loan, event_id)
    today = business_date.current()
    reference = f"{loan.number}/reverse/{taken_back.pk}"
    entry = None
    if taken_back.entry is not None:
        entry = ledger_steps.reverse(reference=taken_back.entry.reference, on=today, reason=reason, by=by)
    event = steps.record(
        loan, "reversed", value_on=taken_back.value_on, posted_on=today, reference=reference, by=by, amount=taken_back.amount,
        memo=reason, entry=entry, reverses=taken_back,
    )
    after, effects = steps.life_of(loan)
    steps.book_difference(loan, effects, reference=f"{reference}/replay", on=today, by=by)
    steps.store(loan, after)
    if loan.status == "settled" and loan.settled_on is None:
        moves.move(loan, LOAN, "reopen", by=by, reason=reason)
        contract_steps.withdraw_release(contract_number=loan.contract.number, reason=reason, by=by)
        steps.bring_up_to(loan, today, by=by)
    events.publish("loan.repayment_reversed", loan.subject, {"number": loan.number, "amount_fen": taken_back.amount.fen})
    return event


def _event(loan: Loan, event_id: int) -> LoanEvent:
    event = loan.events.filter(pk=event_id).first()
    if event is None:
        raise NotFound(what=event_id)
    if event.kind not in ("repaid", "settled"):
        raise NotReversible()
    reversal = LoanEvent.objects.filter(reverses=event).first()
    if reversal:
        raise AlreadyReversed(on=reversal.posted_on)
    return event
