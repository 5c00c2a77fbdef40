"""Finance agrees to a dealer's statement."""

from __future__ import annotations

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing.commission import permissions, statements
from chezhe.servicing.commission.models import CommissionStatement


@action(permissions.APPROVE)
def approve_commission(*, statement_number: str, invoice_number: str = "", by: Actor) -> CommissionStatement:
    """Agree to a statement that somebody else drew up: what the dealer owes is set against what it earned, and the rest becomes payable.

    Raises WrongState, SamePerson (409) or Invalid (422) for an invoice number that is none.
    """
    statement = CommissionStatement.objects.visible_to(by).select_related("dealer").lock(statement_number)
    statements.approve(statement, statements.require_invoice(invoice_number), by=by)
    return statement
