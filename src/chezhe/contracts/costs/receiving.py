"""Up-front fees that are paid beside the loan: judged and shown before they are booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import errors
from chezhe.contracts.costs import postings, queries
from chezhe.contracts.costs.models import PAID_BY, FeeReceipt
from chezhe.contracts.models import Contract
from chezhe.finmath.money import Money
from chezhe.finmath.transfers import Transfer
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.ledger.bookings import Booking, mirrored
from chezhe.payments.rules import counter_reference

REFERENCE_MAX = 60


class FeePaid(BusinessError):
    code = "fee_paid"
    field = "codes"
    sentence = _("“%(fee)s”已于 %(on)s 收取（凭证 %(entry)s），不能再收。")


class FeeUnknown(BusinessError):
    code = "fee_not_on_sheet"
    field = "codes"
    sentence = _("合同 %(contract)s 的成本明示表没有这项放款前支付的费用：%(fee)s。")


class AmountDiffers(BusinessError):
    code = "fee_amount_differs"
    http_status = 422
    field = "amount"
    sentence = _("所选费用合计 %(due)s 元，与收到的 %(given)s 元不同。")


class FeeReturned(BusinessError):
    code = "fee_returned"
    sentence = _("这笔费用已于 %(on)s 退回。")


class ContractVoid(BusinessError):
    code = "contract_void"
    sentence = _("合同 %(contract)s 已作废，不能再收取费用。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """What the borrower paid: which fees of the sheet, whole, with one transfer or slip."""

    codes: tuple[str, ...]
    amount: Money
    paid_on: date
    channel: str
    reference: str

    @property
    def audit_facts(self) -> dict[str, Any]:
        return {"amount": self.amount, "paid_on": self.paid_on, "reference": self.reference}


@dataclass(frozen=True, slots=True)
class Judged:
    """A payment that may be booked, and as what."""

    transfers: tuple[Transfer, ...]
    reference: str

    def bookings(self, on: date) -> tuple[Booking, ...]:
        """The entry that it would be."""
        return (Booking(on, postings.EVENT, self.transfers),)


def judge(contract: Contract, payment: Payment, on: date) -> Judged:
    """Raises ContractVoid, CostSheetFirst, FeeUnknown or FeePaid (409), AmountDiffers, DayImpossible or Invalid (422)."""
    if contract.status == "void":
        raise ContractVoid(contract=contract.number)
    if contract.needs_cost_sheet and contract.cost_sheet_on is None:
        raise errors.CostSheetFirst()
    _require_form(contract, payment, on)
    payable = {one.item.code: one for one in queries.upfront_of(contract)}
    for code in payment.codes:
        if code not in payable:
            raise FeeUnknown(contract=contract.number, fee=code[:40])
        receipt = payable[code].receipt
        if receipt is not None:
            raise FeePaid(fee=payable[code].item.label, on=receipt.paid_on, entry=receipt.entry.number)
    chosen = [payable[code] for code in dict.fromkeys(payment.codes)]
    due = Money(sum(one.amount.fen for one in chosen))
    if due != payment.amount:
        raise AmountDiffers(due=due.format(grouped=True), given=payment.amount.format(grouped=True))
    moved = tuple(
        transfer for one in chosen for transfer in postings.upfront_fee(one.amount, payment.channel, one.item.payee_kind, contract.subject))
    return Judged(moved, _reference(contract, payment))


def _require_form(contract: Contract, payment: Payment, on: date) -> None:
    if not payment.codes:
        raise Invalid(field="codes", code="fees_missing", sentence=_("请选择收到的费用项目。"))
    if payment.channel not in dict(PAID_BY):
        raise Invalid(field="channel", code="channel_unknown", sentence=_("没有这种收款方式。"))
    if not payment.reference.strip() or len(payment.reference) > REFERENCE_MAX:
        raise Invalid(field="reference", code="reference_missing", sentence=_("请填写银行流水号或收据号，最多 60 个字。"))
    if not contract.prepared_on <= payment.paid_on <= on:
        raise errors.DayImpossible("paid_on", first=contract.prepared_on, last=on)


def _reference(contract: Contract, payment: Payment) -> str:
    """The slip's name in the books; under one that was given back it counts on."""
    named = counter_reference(payment.channel, payment.reference)
    before = FeeReceipt.objects.filter(contract=contract, channel=payment.channel, reference=payment.reference.strip()).count()
    return f"{named}/again-{before + 1}" if before else named


def judge_return(receipt: FeeReceipt, on: date) -> tuple[Booking, ...]:
    """What giving a receipt back would book. Raises FeeReturned (409)."""
    if hasattr(receipt, "returned"):
        raise FeeReturned(on=receipt.returned.returned_on)
    return mirrored([receipt.entry], on)
