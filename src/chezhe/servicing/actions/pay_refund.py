"""A further person lets a refund go."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions, refunds
from chezhe.servicing.models import Loan, LoanChange


@action(permissions.PAY_REFUND, label=_("付出退款"))
def pay_refund(*, change_number: str, by: Actor) -> LoanChange:
    """Order the payout of a refund that was agreed to. Who asked for it or agreed to it may not."""
    named = LoanChange.objects.visible_to(by).select_related("loan").fetch(change_number)
    Loan.objects.lock(named.loan.number)
    change = LoanChange.objects.select_related("loan", "account").lock(change_number)
    refunds.require_payable(change, by)
    refunds.order(change, by=by)
    return change
