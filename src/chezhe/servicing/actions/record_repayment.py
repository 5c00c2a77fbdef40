"""The borrower pays."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import business_date
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.servicing import permissions, steps
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.receipts import CounterReceipt
from chezhe.servicing.states import LOAN


class PaidInFuture(BusinessError):
    code = "paid_in_future"
    http_status = 422
    field = "paid_on"
    sentence = _("到账日 %(paid_on)s 晚于业务日期 %(today)s，请核对日期。")


class PaidBeforePayout(BusinessError):
    code = "paid_before_payout"
    http_status = 422
    field = "paid_on"
    sentence = _("到账日 %(paid_on)s 早于放款日 %(paid_out_on)s，请核对日期或贷款编号。")


@action(permissions.RECORD_REPAYMENT)
def record_repayment(*, loan_number: str, receipt: CounterReceipt, by: Actor) -> LoanEvent:
    """Take in a payment and spread it in the contract's order; a late-found one is replayed from its own day."""
    loan = Loan.objects.visible_to(by).lock(loan_number)
    today = business_date.current()
    receipt.require_complete()
    standing = steps.standing_receipt(receipt.money.reference)
    if standing is None:
        LOAN.require(loan.status, "repay")
    if receipt.paid_on > today:
        raise PaidInFuture(paid_on=receipt.paid_on, today=today)
    if receipt.paid_on < loan.paid_out_on:
        raise PaidBeforePayout(paid_on=receipt.paid_on, paid_out_on=loan.paid_out_on)
    return steps.take_in(loan, receipt.money, today=today, by=by)
