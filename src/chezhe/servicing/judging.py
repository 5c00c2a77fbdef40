"""What a loan would take in from a door, or what refuses it: actions and previews ask the same here."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.terms import TermsError
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.servicing import backdating, changes, charges, counter, lives, queries, references, requests, subsidies
from chezhe.servicing import position as positions
from chezhe.servicing.charges import Fee
from chezhe.servicing.models import Loan
from chezhe.servicing.receipts import CounterReceipt
from chezhe.servicing.states import LOAN
from chezhe.servicing.steps import News


class PrepaymentRefused(BusinessError):
    code = "prepayment_refused"
    field = "amount"
    sentence = _("不能这样提前还款：%(reason)s")


class PayoffDiffers(BusinessError):
    code = "payoff_differs"
    field = "amount"
    sentence = _("%(on)s 结清须付 %(payoff)s 元，实收 %(given)s 元不符；请重新试算后再提交。")


REASONS: dict[str, Any] = {
    "prepayment_while_overdue": _("有到期未还的款项，请先还清。"),
    "prepayment_twice_in_line": _("本期内已调整过还款计划，请在下一个到期日之后再办。"),
    "prepayment_not_below_balance": _("金额须小于剩余本金；还清全部请办理提前结清。"),
    "prepayment_not_possible": _("这种还款方式不能按所选方式调整计划。"),
}


def fee(loan: Loan, wanted: Fee, today: date) -> News:
    """A fee beside the plan, as it is charged at once or asked for. Raises what `charges.require` raises, WrongState (409), and for a
    large one what `changes.judge` raises."""
    if charges.needs_approval(wanted, today):
        return changes.judge(loan, requests.charge(wanted), today)
    charges.require(loan, wanted, today)
    LOAN.require(loan.status, "charge")
    return wanted.news(loan, today)


def subsidy(loan: Loan, period: int, today: date) -> News:
    """The treasury's part of an instalment's interest. Raises WrongState (409) and what `subsidies.news` raises."""
    LOAN.require(loan.status, "subsidise")
    return subsidies.news(loan, period, today)


def settlement(loan: Loan, receipt: CounterReceipt, today: date) -> News:
    """Exactly the payoff of the day on which the money came; a slip that is booked already gives what stands.

    Raises Invalid (422), PayoffDiffers, ReceiptOnStatement (409), and what `queries.require_day` and `require_quote` raise.
    """
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
    return receipt.money


def prepayment(loan: Loan, receipt: CounterReceipt, today: date) -> News:
    """Principal before it is due; a slip that is booked already gives what stands.

    Raises Invalid (422) for what the product does not offer, WrongState, ReceiptOnStatement, ChangedSince (409) for a plan that was
    changed since the day of the money, PrepaymentRefused (409) for what the plan cannot do, and what `queries.require_day` raises.
    """
    receipt.require_complete()
    if receipt.kind != "prepaid" or receipt.mode is None:
        raise Invalid(field="kind", code="receipt_kind_wrong", sentence=_("这不是这一类款项。"))
    queries.require_day(loan, receipt.paid_on, today)
    if references.standing_receipt(receipt.money.reference) is None:
        LOAN.require(loan.status, "prepay")
        counter.require_untold(receipt)
        _require_offered(loan, receipt)
        backdating.require_nothing_since(loan, receipt.paid_on, backdating.AFTER_PREPAYMENT)
        _require_possible(loan, receipt)
    return receipt.money


def _require_offered(loan: Loan, receipt: CounterReceipt) -> None:
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
        positions.prepay(lives.stood_on(loan, receipt.paid_on), receipt.amount.fen, receipt.paid_on, receipt.money.source, receipt.mode)
    except TermsError as refusal:
        reason = REASONS.get(refusal.code, REASONS["prepayment_not_possible"])
        raise PrepaymentRefused(reason=reason) from refusal
