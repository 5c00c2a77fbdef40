"""What stopped a mandate is gone."""

from __future__ import annotations

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import require_reason
from chezhe.payments import permissions
from chezhe.payments.debits import mandates
from chezhe.payments.debits.models import Mandate


@action(permissions.RESUME_MANDATE)
def resume_mandate(*, mandate_number: str, reason: str, by: Actor) -> Mandate:
    """Collect under it again, for a reason that stays with it: the customer has spoken with the bank."""
    mandate = Mandate.objects.visible_to(by).select_related("customer").lock(mandate_number)
    mandates.resume(mandate, require_reason(reason, most=200), by=by)
    return mandate
