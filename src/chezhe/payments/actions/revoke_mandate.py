"""The customer ends a mandate, at any time."""

from __future__ import annotations

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import require_reason
from chezhe.payments import permissions
from chezhe.payments.debits import mandates
from chezhe.payments.debits.models import Mandate


@action(permissions.REVOKE_MANDATE)
def revoke_mandate(*, mandate_number: str, reason: str, by: Actor) -> Mandate:
    """End it at once: nothing more leaves under it, whatever is planned, and the consent is withdrawn in the ledger of consents."""
    mandate = Mandate.objects.visible_to(by).select_related("customer").lock(mandate_number)
    mandates.revoke(mandate, require_reason(reason, most=200), evidence=mandate.number, by=by)
    return mandate
