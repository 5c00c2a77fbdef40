"""A refund that cannot be paid is given up."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import require_reason
from chezhe.servicing import permissions, refunds
from chezhe.servicing.models import Loan, LoanChange


@action(permissions.CANCEL_REFUND, label=_("取消退款"))
def cancel_refund(*, change_number: str, reason: str, by: Actor) -> LoanChange:
    """Give up a refund that has not been ordered, that the bank refused or sent back: the cash is unapplied again."""
    named = LoanChange.objects.visible_to(by).select_related("loan").fetch(change_number)
    loan = Loan.objects.lock(named.loan.number)
    change = LoanChange.objects.select_related("event").lock(change_number)
    refunds.require_cancellable(change)
    refunds.cancel(loan, change, reason=require_reason(reason), by=by)
    return change
