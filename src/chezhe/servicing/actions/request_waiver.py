"""The borrower asks to be let off a fee, a penalty or interest."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.allocation import Item
from chezhe.finmath.money import Money
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import changes, permissions, requests
from chezhe.servicing.models import Loan, LoanChange


@action(permissions.REQUEST_WAIVER, label=_("申请息费减免"))
def request_waiver(*, loan_number: str, item: Item, amount: Money, reason: str, by: Actor) -> LoanChange:
    """Ask for part of what is owed today of one item to be forgiven; it is when others have agreed."""
    loan = Loan.objects.visible_to(by).lock(loan_number)
    return changes.propose(loan, requests.waiver(item=item, amount=amount, reason=reason), by=by)
