"""The channel has dealt with an order of ours."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.payments.debits.models import Debit
from chezhe.servicing import permissions
from chezhe.servicing.debits import following
from chezhe.servicing.debits.models import LoanDebit
from chezhe.servicing.models import Loan


@action(permissions.RUN_DEBITS, label=_("登记扣款结果"))
def follow_debit(*, reference: str, by: Actor) -> LoanDebit:
    """Let the loan have the money, or give it back, and let the calendar go on; told twice, it changes nothing twice."""
    debit = Debit.objects.get(reference=reference)
    named = LoanDebit.objects.select_related("loan").get(number=debit.claim)
    loan = Loan.objects.select_related("customer", "product_version__product", "contract").lock(named.loan.number)
    one = LoanDebit.objects.lock(debit.claim)
    following.follow(loan, one, debit, by=by)
    return one
