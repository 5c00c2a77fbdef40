"""The worker tells the borrower the rate that holds now."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions, reminding
from chezhe.servicing.models import Loan


@action(permissions.TELL_BORROWERS, label=_("发送利率调整通知"))
def tell_new_rate(*, loan_number: str, reference: str, by: Actor) -> Loan:
    """Tell the rate from the next instalment on; nothing for a loan without one."""
    loan = Loan.objects.select_related("customer").get(number=loan_number)
    reminding.say_rate(loan, reference, by=by)
    return loan
