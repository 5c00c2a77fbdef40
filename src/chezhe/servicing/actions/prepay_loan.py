"""The borrower pays part of the principal before it falls due."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.terms import TermsError
from chezhe.kernel import business_date
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.servicing import backdating, counter, lives, permissions, queries, references, steps
from chezhe.servicing import position as positions
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.receipts import CounterReceipt
from chezhe.servicing.states import LOAN


class PrepaymentRefused(BusinessError):
    code = "prepayment_refused"
    field = "amount"
    sentence = _("不能这样提前还款：%(reason)s")


REASONS: dict[str, Any] = {
    "prepayment_while_overdue": _("有到期未还的款项，请先还清。"),
    "prepayment_twice_in_line": _("本期内已调整过还款计划，请在下一个到期日之后再办。"),
    "prepayment_not_below_balance": _("金额须小于剩余本金；还清全部请办理提前结清。"),
    "prepayment_not_possible": _("这种还款方式不能按所选方式调整计划。"),
}


@action(permissions.PREPAY)
def prepay_loan(*, loan_number: str, receipt: CounterReceipt, by: Actor) -> LoanEvent:
    """Take principal before it is due and plan the rest anew: a smaller instalment, or fewer of them. Money of a day that has passed
    counts from that day; the difference is posted today."""
    loan = Loan.objects.visible_to(by).lock(loan_number)
    today = business_date.current()
    receipt.require_complete()
    if receipt.kind != "prepaid" or receipt.mode is None:
        raise Invalid(field="kind", code="receipt_kind_wrong", sentence=_("这不是这一类款项。"))
    queries.require_day(loan, receipt.paid_on, today)
    if references.standing_receipt(receipt.money.reference) is not None:
        return steps.take_in(loan, receipt.money, today=today, by=by)
    LOAN.require(loan.status, "prepay")
    counter.require_untold(receipt)
    require_prepayable(loan, receipt)
    return steps.take_in(loan, receipt.money, today=today, by=by)


def require_prepayable(loan: Loan, receipt: CounterReceipt) -> None:
    """Raises Invalid (422) for what the product does not offer, ChangedSince (409) for a plan that was changed since the day of the
    money, and PrepaymentRefused (409) for what the plan cannot do."""
    _require_allowed(loan, receipt)
    backdating.require_nothing_since(loan, receipt.paid_on, backdating.AFTER_PREPAYMENT)
    _require_possible(loan, receipt)


def _require_allowed(loan: Loan, receipt: CounterReceipt) -> None:
    """What the product promised."""
    promised = loan.product_version.terms.prepayment
    if receipt.mode not in promised.modes:
        raise Invalid(field="mode", code="prepayment_mode_not_offered", sentence=_("产品 %(product)s 不提供这种提前还款方式。"),
                      product=loan.product_version.number)
    if receipt.amount < promised.amount_min:
        raise Invalid(field="amount", code="prepayment_too_small", sentence=_("提前还款最少 %(least)s 元。"), least=promised.amount_min)


def _require_possible(loan: Loan, receipt: CounterReceipt) -> None:
    assert receipt.mode is not None
    try:
        stood = lives.standing(loan) if receipt.paid_on >= loan.as_of else lives.position_of(loan, receipt.paid_on)
        positions.prepay(stood, receipt.amount.fen, receipt.paid_on, receipt.money.source, receipt.mode)
    except TermsError as refusal:
        reason = REASONS.get(refusal.code, REASONS["prepayment_not_possible"])
        raise PrepaymentRefused(reason=reason) from refusal
