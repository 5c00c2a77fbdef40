"""The bank has answered about a dealer's commission."""

from __future__ import annotations

from datetime import date

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing.commission import permissions, statements
from chezhe.servicing.commission.models import CommissionStatement


@action(permissions.SETTLE)
def settle_commission(
    *, statement_number: str, attempt: int, outcome: str, on: date, failure_code: str = "", by: Actor
) -> CommissionStatement:
    """Let a statement follow its payout: `paid`, `failed` or `returned`; anything else, or news of an earlier order, changes nothing."""
    statement = CommissionStatement.objects.select_related("dealer").lock(statement_number)
    statements.follow(statement, attempt, outcome, on=on, failure_code=failure_code, by=by)
    return statement
