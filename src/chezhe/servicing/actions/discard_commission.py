"""A statement is put aside before anybody agreed to it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing.commission import permissions, statements
from chezhe.servicing.commission.models import CommissionStatement


@action(permissions.DRAW_UP, label=_("作废返佣结算单"))
def discard_commission(*, statement_number: str, reason: str, by: Actor) -> CommissionStatement:
    """Put a statement aside: its lines wait for the next one. Raises WrongState (409) or ReasonRequired (422)."""
    statement = CommissionStatement.objects.visible_to(by).select_related("dealer").lock(statement_number)
    statements.discard(statement, reason, by=by)
    return statement
