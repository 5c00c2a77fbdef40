from __future__ import annotations

from datetime import date

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk import permissions
from chezhe.risk.guarantees import steps
from chezhe.risk.guarantees.models import Security


@action(permissions.CLAIM_GUARANTEE)
def claim_guarantee(*, security_number: str, claimed_on: date, reason: str, business_date: date, by: Actor) -> Security:
    """Note that a guarantor was claimed, or the debtor sued, before the guarantee period ran out; the reason names the proof."""
    security = Security.objects.visible_to(by).lock(security_number)
    return steps.claim(security, claimed_on=claimed_on, reason=reason, on=business_date, by=by)
