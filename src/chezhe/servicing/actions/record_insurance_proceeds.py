"""An insurer pays for the car."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import counter, permissions
from chezhe.servicing.models import LoanEvent
from chezhe.servicing.receipts import CounterReceipt


@action(permissions.RECORD_INSURANCE, label=_("登记保险赔款"))
def record_insurance_proceeds(*, loan_number: str, receipt: CounterReceipt, by: Actor) -> LoanEvent:
    """Take an insurer's payment as loss payee: it pays what is owed in the contract's order, the rest waits as unapplied cash."""
    return counter.take(loan_number, receipt, kind="insured", verb="repay", by=by)
