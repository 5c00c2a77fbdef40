"""A payment was booked in error."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import business_date, events
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid, NotFound
from chezhe.servicing import bank_lines, permissions, refinancing, steps
from chezhe.servicing.debits import rebooking
from chezhe.servicing.models import FOLDED_KINDS, NOT_REVERSIBLE, Loan, LoanEvent


class AlreadyReversed(BusinessError):
    code = "repayment_already_reversed"
    sentence = _("这笔还款已于 %(on)s 冲正，不能再冲正一次。")


class NotReversible(BusinessError):
    code = "event_not_reversible"
    sentence = _("这类事项不能冲正；只有收款、收费和已生效的变更可以。")


@action(permissions.REVERSE, label=_("冲正一笔还款或变更"))
def reverse_repayment(*, loan_number: str, event_id: int, reason: str, by: Actor) -> LoanEvent:
    """Take a payment or a change back: its entry is mirrored, the rest of the loan's life is lived again without it."""
    line = bank_lines.hold(LoanEvent.objects.filter(pk=event_id, loan__number=loan_number).first())
    loan = Loan.objects.visible_to(by).lock(loan_number)
    taken_back = _event(loan, event_id)
    reason = reason.strip()
    if not reason:
        raise Invalid(field="reason", code="reason_missing", sentence=_("请写明冲正原因。"))
    today = business_date.current()
    event = steps.take_back(loan, taken_back, reason=reason, today=today, by=by)
    bank_lines.let_go(taken_back, line, reason=reason, by=by)
    rebooking.let_go(taken_back)
    refinancing.give_back(taken_back, reason, today=today, by=by)
    events.publish("loan.repayment_reversed", loan.subject, {"number": loan.number, "amount_fen": taken_back.amount.fen})
    return event


def _event(loan: Loan, event_id: int) -> LoanEvent:
    event = loan.events.filter(pk=event_id).first()
    if event is None:
        raise NotFound(what=event_id)
    if event.kind not in FOLDED_KINDS or event.kind in NOT_REVERSIBLE:
        raise NotReversible()
    reversal = LoanEvent.objects.filter(reverses=event).first()
    if reversal:
        raise AlreadyReversed(on=reversal.posted_on)
    return event
