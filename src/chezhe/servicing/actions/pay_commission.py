"""A further person lets a dealer's commission go."""

from __future__ import annotations

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing.commission import permissions, statements
from chezhe.servicing.commission.models import CommissionStatement


@action(permissions.PAY)
def pay_commission(*, statement_number: str, payee_number: str = "", by: Actor) -> CommissionStatement:
    """Order the payout of a statement to an account of the dealer's; who drew it up or agreed to it may not.

    Raises WrongState, SamePerson or NoPayeeAccount (409).
    """
    statement = CommissionStatement.objects.visible_to(by).select_related("dealer").lock(statement_number)
    statements.pay(statement, payee_number, by=by)
    return statement
