"""A loan has begun, changed or ended: what stands behind it follows."""

from __future__ import annotations

from datetime import date

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions, securities
from chezhe.servicing.models import Loan


@action(permissions.FOLLOW_SECURITIES)
def follow_securities(*, loan_number: str, subject: str, business_date: date, by: Actor) -> Loan:
    """Guarantee periods run from the day the debt is due, and every security goes with the last yuan; twice changes nothing."""
    loan = Loan.objects.select_related("contract").fetch(loan_number)
    securities.follow(loan, subject, on=business_date, by=by)
    return loan
