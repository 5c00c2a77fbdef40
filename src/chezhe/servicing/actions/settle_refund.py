"""The bank has answered about a refund."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions, refunds
from chezhe.servicing.models import Loan, LoanChange


@action(permissions.SETTLE_REFUND, label=_("登记退款结果"))
def settle_refund(*, change_number: str, outcome: str, on: date, failure_code: str = "", by: Actor) -> LoanChange:
    """Let a refund follow its payout: `paid`, `failed` or `returned`; anything else changes nothing."""
    named = LoanChange.objects.select_related("loan").get(number=change_number)
    loan = Loan.objects.lock(named.loan.number)
    change = LoanChange.objects.select_related("paid_event").lock(change_number)
    refunds.follow(loan, change, outcome, on=on, failure_code=failure_code, by=by)
    return change
