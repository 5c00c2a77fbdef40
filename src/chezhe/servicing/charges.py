"""Fees beside the plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import Money
from chezhe.kernel.errors import Invalid
from chezhe.servicing import given
from chezhe.servicing.models import Loan
from chezhe.servicing.position import Charge
from chezhe.servicing.steps import News

FEES = {
    "legal": _("诉讼与公证费"), "collection": _("催收费"), "towing": _("拖车与停放费"), "valuation": _("评估费"),
    "insurance": _("代垫保险费"), "papers": _("补办材料费"), "other": _("其他费用"),
}


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
