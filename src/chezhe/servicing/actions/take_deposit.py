"""The borrower leaves security with us."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import counter, permissions
from chezhe.servicing.models import LoanEvent
from chezhe.servicing.receipts import CounterReceipt


@action(permissions.TAKE_DEPOSIT, label=pgettext_lazy("verb", "存入保证金"))
def take_deposit(*, loan_number: str, receipt: CounterReceipt, by: Actor) -> LoanEvent:
    """Take a deposit: it is the borrower's, bears no interest, and is used or returned with the agreement of others."""
    return counter.take(loan_number, receipt, kind="deposited", verb="deposit", by=by)
