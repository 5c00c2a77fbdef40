"""A planned debit is not made."""

from __future__ import annotations

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import require_reason
from chezhe.servicing import permissions
from chezhe.servicing.debits import following
from chezhe.servicing.debits.models import LoanDebit


@action(permissions.CANCEL_DEBIT)
def cancel_debit(*, debit_number: str, reason: str, by: Actor) -> LoanDebit:
    """Take one planned try out of the plan, for a reason that stays with it; one that has left cannot be called back."""
    one = LoanDebit.objects.visible_to(by).lock(debit_number)
    following.cancel(one, require_reason(reason, most=200), by=by)
    return one
