"""A payment was booked in error, or what people agreed to was wrong."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import business_date
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import bank_lines, permissions, reversals
from chezhe.servicing.models import Loan, LoanChange, LoanEvent


@action(permissions.REVERSE, label=_("冲正一笔还款或变更"))
def reverse_repayment(*, loan_number: str, event_id: int, reason: str, by: Actor) -> LoanEvent | LoanChange:
    """Take a payment back: its entry is mirrored, the rest of the loan's life is lived again without it. What others agreed to is
    asked for instead, of the same roles."""
    line = bank_lines.hold(LoanEvent.objects.filter(pk=event_id, loan__number=loan_number).first())
    loan = Loan.objects.visible_to(by).lock(loan_number)
    taken_back = reversals.require(loan, event_id)
    reason = reversals.require_reason(reason)
    if reversals.agreed_by(taken_back):
        return reversals.propose(loan, taken_back, reason, by=by)
    event = reversals.take_back(loan, taken_back, reason=reason, today=business_date.current(), by=by)
    bank_lines.let_go(taken_back, line, reason=reason, by=by)
    return event
