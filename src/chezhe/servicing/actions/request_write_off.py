"""Nothing more is expected of a loan."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import changes, permissions, requests
from chezhe.servicing.models import Loan, LoanChange


@action(permissions.REQUEST_WRITE_OFF, label=_("申请核销"))
def request_write_off(*, loan_number: str, reason: str, by: Actor) -> LoanChange:
    """Ask for a loan to be written off against the provision; the claim is kept and money for it is a recovery."""
    loan = Loan.objects.visible_to(by).lock(loan_number)
    return changes.propose(loan, requests.write_off(reason=reason), by=by)
