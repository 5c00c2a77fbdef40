"""The deposit is to pay what is owed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import Money
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import changes, permissions, requests
from chezhe.servicing.models import Loan, LoanChange


@action(permissions.REQUEST_DEPOSIT_USE, label=_("申请保证金抵扣"))
def request_deposit_use(*, loan_number: str, amount: Money, reason: str, by: Actor) -> LoanChange:
    """Ask for part of the deposit to pay what is owed, in the contract's order."""
    loan = Loan.objects.visible_to(by).lock(loan_number)
    return changes.propose(loan, requests.deposit_use(amount=amount, reason=reason), by=by)
