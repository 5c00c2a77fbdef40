"""Fees beside the plan: small ones on finance's own word, larger ones by approval, and none that makes the loan too dear."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.compliance import queries as compliance_queries
from chezhe.compliance import steps as compliance_steps
from chezhe.contracts.costs import steps as cost_steps
from chezhe.finmath.money import Money
from chezhe.finmath.quote import cost_with
from chezhe.kernel import parameters
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.servicing import given
from chezhe.servicing.models import Loan
from chezhe.servicing.position import Charge
from chezhe.servicing.steps import News

FEES = {
    "legal": _("诉讼与公证费"), "collection": _("催收费"), "towing": _("拖车与停放费"), "valuation": _("评估费"),
    "insurance": _("代垫保险费"), "papers": _("补办材料费"), "other": _("其他费用"),
}
# What enforcing the claim cost others is owed beside the price of the money (民法典 §561) and does not count towards its cap.
ENFORCEMENT = frozenset({"legal", "towing"})
# What finance may charge without asking, in yuan.
DIRECT_MAX = "FEE_DIRECT_MAX"


class FeeAfterWriteOff(BusinessError):
    code = "fee_after_write_off"
    field = "fee"
    sentence = _("贷款已核销，只能追加诉讼与公证费、拖车与停放费等实现债权的费用。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """`code` is one of FEES; `reason` is what the borrower is told."""

    code: str
    amount: Money
    reason: str

    @property
    def audit_facts(self) -> dict[str, Any]:
        return {"code": self.code, "amount": self.amount}

    def require_complete(self) -> None:
        """Raises Invalid or ReasonRequired (422) naming the field that is wrong on its face."""
        if self.code not in FEES:
            raise Invalid(field="fee", code="fee_unknown", sentence=_("没有这种费用。"))
        given.require_positive(self.amount)
        given.require_reason(self.reason)

    def news(self, loan: Loan, on: date) -> News:
        """What the loan takes in; each charge has a number of its own."""
        number = loan.events.filter(kind="charged").count() + 1
        return News(
            value_on=on, reference=f"charge/{loan.number}-{number}", amount=self.amount, kind="charged", change=Charge(code=self.code),
            memo=self.reason.strip(),
        )


def needs_approval(fee: Fee, on: date) -> bool:
    """Whether somebody else has to agree. Raises ParameterMissing (409)."""
    return fee.amount > parameters.amount(DIRECT_MAX, on)


def require(loan: Loan, fee: Fee, on: date) -> None:
    """Raises what `Fee.require_complete` raises, FeeNotOnSheet or FeeAboveSheet (409) for what the borrower was never shown, CostExceeded
    (409) for a fee with which the loan would cost more a year than the law lets it, default charges included, or FeeAfterWriteOff (409).
    Charges that were waived count until they are taken back."""
    fee.require_complete()
    cost_steps.require_on_sheet(loan.contract, fee.code, str(FEES[fee.code]), fee.amount)
    if fee.code in ENFORCEMENT:
        return
    if loan.status == "written_off":
        raise FeeAfterWriteOff()
    charged = loan.events.filter(kind="charged", reversal__isnull=True).exclude(facts__change__code__in=ENFORCEMENT)
    past = [(event.value_on, event.amount.fen) for event in charged]
    lender = compliance_queries.lender()
    compliance_steps.require_cost_within(
        *cost_with(loan.contract.agreed.plan, [*past, (on, fee.amount.fen)]), on,
        licence_type=lender.licence_type, region=lender.region, product=loan.product_version.product.code,
    )
