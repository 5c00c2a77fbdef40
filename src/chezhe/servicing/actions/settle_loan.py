"""The borrower settles early, or a written-off claim is recovered in full."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import business_date
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.servicing import counter, permissions, queries, references, steps
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.receipts import CounterReceipt


class PayoffDiffers(BusinessError):
    code = "payoff_differs"
    field = "amount"
    sentence = _("%(on)s 结清须付 %(payoff)s 元，实收 %(given)s 元不符；请重新试算后再提交。")


@action(permissions.SETTLE)
def settle_loan(*, loan_number: str, receipt: CounterReceipt, by: Actor) -> LoanEvent:
    """Close the loan for exactly the payoff of the day on which the money came, and ask for the mortgage's release. A day that has
    passed is lived again; the difference is posted today."""
    loan = Loan.objects.visible_to(by).lock(loan_number)
    today = business_date.current()
    receipt.require_complete()
    if receipt.kind != "settled":
        raise Invalid(field="kind", code="receipt_kind_wrong", sentence=_("这不是这一类款项。"))
    queries.require_day(loan, receipt.paid_on, today)
    if references.standing_receipt(receipt.money.reference) is None:
        payoff = queries.require_quote(loan, receipt.paid_on, today)
        counter.require_untold(receipt)
        if payoff.to_pay and not receipt.amount:
            raise Invalid(field="amount", code="amount_not_positive", sentence=_("还款金额须大于 0。"))
        if receipt.amount != payoff.to_pay:
            raise PayoffDiffers(on=receipt.paid_on, payoff=payoff.to_pay, given=receipt.amount)
    return steps.take_in(loan, receipt.money, today=today, by=by)
