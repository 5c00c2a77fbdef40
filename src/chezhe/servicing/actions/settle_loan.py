"""The borrower settles early."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import business_date
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.servicing import permissions, queries, references, steps
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.receipts import CounterReceipt
from chezhe.servicing.states import LOAN


class PayoffDiffers(BusinessError):
    code = "payoff_differs"
    field = "amount"
    sentence = _("%(on)s 结清须付 %(payoff)s 元，实收 %(given)s 元不符；请重新试算后再提交。")


@action(permissions.SETTLE)
def settle_loan(*, loan_number: str, receipt: CounterReceipt, by: Actor) -> LoanEvent:
    """Close the loan today for exactly the payoff that was quoted for today, and ask for the mortgage's release."""
    loan = Loan.objects.visible_to(by).lock(loan_number)
    today = business_date.current()
    receipt.require_complete()
    if receipt.kind != "settled" or receipt.paid_on != today:
        raise Invalid(field="paid_on", code="settles_today_only", sentence=_("提前结清只能按业务日期 %(today)s 当天办理。"), today=today)
    if references.standing_receipt(receipt.money.reference) is None:
        LOAN.require(loan.status, "settle")
        payoff = queries.settlement_quote(loan, today)
        if payoff.to_pay and not receipt.amount:
            raise Invalid(field="amount", code="amount_not_positive", sentence=_("还款金额须大于 0。"))
        if receipt.amount != payoff.to_pay:
            raise PayoffDiffers(on=today, payoff=payoff.to_pay, given=receipt.amount)
    return steps.take_in(loan, receipt.money, today=today, by=by)
