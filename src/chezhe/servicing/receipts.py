"""Money that a clerk registers: at the counter, or seen on the bank's screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.allocation import TransactionKind
from chezhe.finmath.money import Money
from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.kernel.errors import Invalid
from chezhe.ledger import chart
from chezhe.payments.rules import counter_reference
from chezhe.servicing.position import Deposit
from chezhe.servicing.steps import News

CHANNELS = {"bank": _("银行转账"), "cash": _("现金")}
ACCOUNTS = {"bank": chart.BANK, "cash": chart.CASH}
# What money that a clerk registers as a repayment may be.
ORIGINS = {
    TransactionKind.REPAYMENT: _("借款人还款"), TransactionKind.DIRECT_DEBIT: _("代扣"), TransactionKind.DISPOSAL: _("车辆处置款"),
}
REFERENCE_MAX, MEMO_MAX = 60, 200
# Under a slip that was taken back the house books a second time, with this ending.
AGAIN = "/again-"


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterReceipt:
    """`channel` is cash or bank; `reference` is the slip's or the bank's number and makes registering twice harmless.

    `kind` is repaid, settled, insured, deposited or prepaid (then `mode` says whether the instalment or the term becomes smaller).
    What is repaid may be a borrower's own payment, a direct debit or proceeds of the car (`transaction`).
    """

    amount: Money
    paid_on: date
    channel: str
    reference: str
    payer: str = ""
    memo: str = ""
    kind: str = "repaid"
    mode: PrepaymentMode | None = None
    transaction: TransactionKind = TransactionKind.REPAYMENT

    @property
    def audit_facts(self) -> dict[str, Any]:
        return {"amount": self.amount, "paid_on": self.paid_on, "kind": self.kind, "transaction": self.transaction.value}

    def require_complete(self) -> None:
        """Raises Invalid (422) naming the field that is wrong on its face."""
        # Unapplied cash may cover the whole payoff: then nothing is paid to settle.
        if self.amount.fen < (0 if self.kind == "settled" else 1):
            raise Invalid(field="amount", code="amount_not_positive", sentence=_("还款金额须大于 0。"))
        if self.channel not in ACCOUNTS:
            raise Invalid(field="channel", code="channel_unknown", sentence=_("渠道须为银行转账或现金。"))
        if self.transaction not in ORIGINS or (self.transaction is not TransactionKind.REPAYMENT and self.kind != "repaid"):
            raise Invalid(field="transaction", code="transaction_unknown", sentence=_("款项性质须为借款人还款、代扣或车辆处置款。"))
        if AGAIN in self.reference:
            raise Invalid(field="reference", code="reference_reserved", sentence=_("凭证号不能含有“/again-”，请按凭证原样填写。"))
        if not 1 <= len(self.reference.strip()) <= REFERENCE_MAX or not self.reference.isprintable():
            raise Invalid(
                field="reference", code="reference_missing", sentence=_("请填写凭证号（最多 60 个字符），系统靠它防止重复入账。")
            )
        if len(self.payer) > 100 or len(self.memo) > MEMO_MAX:
            raise Invalid(field="memo", code="text_too_long", sentence=_("付款人最多 100 个字，备注最多 200 个字。"))

    @property
    def money(self) -> News:
        """What the loan takes in."""
        return News(
            amount=self.amount, value_on=self.paid_on, source=ACCOUNTS[self.channel], kind=self.kind, prepays=self.mode,
            transaction=self.transaction,
            reference=counter_reference(self.channel, self.reference), payer=self.payer, memo=self.memo,
            facts={"mode": self.mode.value} if self.mode else {}, change=Deposit() if self.kind == "deposited" else None,
        )
