"""The worker tells the borrower that money has come."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import Money
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions, reminding
from chezhe.servicing.models import Loan


@action(permissions.TELL_BORROWERS, label=_("发送入账通知"))
def acknowledge_money(*, loan_number: str, kind: str, amount: Money, reference: str, by: Actor) -> Loan:
    """Acknowledge a receipt, or the last one of a loan (`settled`)."""
    loan = Loan.objects.select_related("customer", "contract__vehicle", "branch").get(number=loan_number)
    if kind == "settled":
        reminding.say_settled(loan, by=by)
    else:
        reminding.acknowledge(loan, amount, reference, by=by)
    return loan
