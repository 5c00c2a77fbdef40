"""The borrower pays."""

from __future__ import annotations

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import counter, permissions
from chezhe.servicing.models import LoanEvent
from chezhe.servicing.receipts import CounterReceipt


@action(permissions.RECORD_REPAYMENT)
def record_repayment(*, loan_number: str, receipt: CounterReceipt, by: Actor) -> LoanEvent:
    """Take in a payment and spread it in the contract's order; a late-found one is replayed from its own day."""
    return counter.take(loan_number, receipt, kind="repaid", verb="repay", by=by)
