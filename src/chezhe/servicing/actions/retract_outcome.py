from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import outcomes, permissions
from chezhe.servicing.models import Loan


@action(permissions.REPORT_OUTCOMES, label=_("撤回贷款表现"))
def retract_outcome(*, loan_number: str, day: date, by: Actor) -> bool:
    """Tell the risk room that a loan which was paid off is not: nobody learns from it as a good one any more."""
    return outcomes.retract(Loan.objects.visible_to(by).lock(loan_number), day)
