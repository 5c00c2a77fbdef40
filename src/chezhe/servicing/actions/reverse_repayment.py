"""A payment was booked in error."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import business_date, events
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import bank_lines, permissions, refinancing, reversing, steps
from chezhe.servicing.debits import rebooking
from chezhe.servicing.models import Loan, LoanEvent


@action(permissions.REVERSE, label=_("冲正一笔还款或变更"))
def reverse_repayment(*, loan_number: str, event_id: int, reason: str, by: Actor) -> LoanEvent:
    """Take a payment or a change back: its entry is mirrored, the rest of the loan's life is lived again without it."""
    line = bank_lines.hold(LoanEvent.objects.filter(pk=event_id, loan__number=loan_number).first())
    loan = Loan.objects.visible_to(by).lock(loan_number)
    taken_back = reversing.event_of(loan, event_id)
    reason = reversing.require_reason(reason)
    today = business_date.current()
    event = steps.take_back(loan, taken_back, reason=reason, today=today, by=by)
    bank_lines.let_go(taken_back, line, reason=reason, by=by)
    rebooking.let_go(taken_back)
    refinancing.give_back(taken_back, reason, today=today, by=by)
    events.publish("loan.repayment_reversed", loan.subject, {"number": loan.number, "amount_fen": taken_back.amount.fen})
    return event
