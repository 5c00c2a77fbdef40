"""The borrower leaves security with us."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import business_date
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.servicing import permissions, queries, steps
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.receipts import CounterReceipt
from chezhe.servicing.states import LOAN


@action(permissions.TAKE_DEPOSIT, label=_("存入保证金"))
def take_deposit(*, loan_number: str, receipt: CounterReceipt, by: Actor) -> LoanEvent:
    """Take a deposit: it is the borrower's, bears no interest, and is used or returned with the agreement of others."""
    loan = Loan.objects.visible_to(by).lock(loan_number)
    today = business_date.current()
    receipt.require_complete()
    if receipt.kind != "deposited":
        raise Invalid(field="kind", code="receipt_kind_wrong", sentence=_("这不是这一类款项。"))
    if steps.standing_receipt(receipt.money.reference) is None:
        LOAN.require(loan.status, "deposit")
    queries.require_day(loan, receipt.paid_on, today)
    return steps.take_in(loan, receipt.money, today=today, by=by)
