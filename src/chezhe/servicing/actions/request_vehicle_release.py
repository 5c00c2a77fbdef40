"""One car of several is not needed any more."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import changes, permissions, requests
from chezhe.servicing.models import Loan, LoanChange


@action(permissions.REQUEST_VEHICLE_RELEASE, label=_("申请解押一辆车"))
def request_vehicle_release(*, loan_number: str, vehicle_number: str, reason: str, by: Actor) -> LoanChange:
    """Ask risk management to let one of several mortgaged cars go; the others must cover what is owed to the end."""
    loan = Loan.objects.visible_to(by).lock(loan_number)
    return changes.propose(loan, requests.vehicle_release(vehicle=vehicle_number, reason=reason), by=by)
