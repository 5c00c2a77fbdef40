from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk import permissions
from chezhe.risk.guarantees import steps
from chezhe.risk.guarantees.models import Security


@action(permissions.DECIDE_SECURITY, label=_("认定担保"))
def accept_security(*, security_number: str, reason: str = "", by: Actor) -> Security:
    """Accept what another person offered: from now on it counts towards the coverage."""
    security = Security.objects.visible_to(by).lock(security_number)
    return steps.decide(security, "accept", reason=reason, by=by)
