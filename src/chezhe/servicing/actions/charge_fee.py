"""Something was done for the borrower that costs a fee."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import business_date
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions, steps
from chezhe.servicing.charges import Fee
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.states import LOAN


@action(permissions.CHARGE_FEE, label=_("收取费用"))
def charge_fee(*, loan_number: str, fee: Fee, by: Actor) -> LoanEvent:
    """Charge a fee beside the plan, due today; cash of the borrower with us pays it at once."""
    loan = Loan.objects.visible_to(by).lock(loan_number)
    fee.require_complete()
    LOAN.require(loan.status, "charge")
    today = business_date.current()
    return steps.take_in(loan, fee.news(loan, today), today=today, by=by)
