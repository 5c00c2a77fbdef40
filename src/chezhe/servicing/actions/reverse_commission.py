"""A statement that was agreed to is taken back."""

from __future__ import annotations

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing.commission import permissions, statements
from chezhe.servicing.commission.models import CommissionStatement


@action(permissions.REVERSE)
def reverse_commission(*, statement_number: str, reason: str, by: Actor) -> CommissionStatement:
    """Take back a statement that is not paid, or whose money came back: its netting is mirrored, and its lines wait for the next one.

    Raises WrongState, LaterStatementStands (409) or ReasonRequired (422).
    """
    statement = CommissionStatement.objects.visible_to(by).select_related("dealer").lock(statement_number)
    statements.reverse(statement, reason, by=by)
    return statement
