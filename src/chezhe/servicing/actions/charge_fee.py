"""Something was done for the borrower that costs a fee."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import business_date
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import changes, charges, judging, permissions, requests, steps
from chezhe.servicing.charges import Fee
from chezhe.servicing.models import Loan, LoanChange, LoanEvent


@action(permissions.CHARGE_FEE, label=_("收取费用"))
def charge_fee(*, loan_number: str, fee: Fee, by: Actor) -> LoanEvent | LoanChange:
    """Charge a fee beside the plan, due today; cash of the borrower with us pays it at once. A large one is asked for instead."""
    loan = Loan.objects.visible_to(by).lock(loan_number)
    today = business_date.current()
    if charges.needs_approval(fee, today):
        return changes.propose(loan, requests.charge(fee), by=by)
    return steps.take_in(loan, judging.fee(loan, fee, today), today=today, by=by)
