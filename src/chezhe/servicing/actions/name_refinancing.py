"""An application is to pay off a loan of the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.origination.models import Application
from chezhe.servicing import permissions, refinancing
from chezhe.servicing.models import Loan


@action(permissions.NAME_REFINANCING, label=_("指明借新还旧"))
def name_refinancing(*, loan_number: str, application_number: str, by: Actor) -> Application:
    """Let a borrower's application name the loan that its money is to pay off first."""
    return refinancing.name(Loan.objects.visible_to(by).lock(loan_number), application_number, by=by)
