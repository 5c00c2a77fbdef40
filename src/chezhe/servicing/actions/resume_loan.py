"""The money that had come back has gone once more."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions, returned
from chezhe.servicing.models import Loan


@action(permissions.FOLLOW_RETURNED, label=_("重新放款后恢复贷款"))
def resume_loan(*, contract_number: str, paid_on: date, reference: str, by: Actor) -> Loan | None:
    """Let a loan that was held begin on the day its money went; one that runs stays as it is."""
    loan = returned.loan_of(contract_number)
    if loan is not None:
        returned.resume(loan, paid_on, reference, by=by)
    return loan
