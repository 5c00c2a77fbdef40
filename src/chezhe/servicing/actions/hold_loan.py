"""The payout came back after the loan had begun."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions, returned
from chezhe.servicing.models import Loan


@action(permissions.FOLLOW_RETURNED, label=_("放款退回暂停贷款"))
def hold_loan(*, contract_number: str, is_effective: bool, reference: str, reason: str, by: Actor) -> Loan | None:
    """Hold the loan of a contract whose payout, or a part of it, was sent back; told twice it is held once. Of a contract that never took
    effect there is no loan. Raises LoanNotBegun (409), and is told again later, while the loan is still to begin."""
    loan = returned.loan_of(contract_number)
    if loan is None:
        if is_effective:
            raise returned.LoanNotBegun(contract=contract_number)
        return None
    returned.hold(loan, reference, reason, by=by)
    return loan
