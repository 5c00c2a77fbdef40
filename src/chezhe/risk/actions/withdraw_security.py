from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk import permissions
from chezhe.risk.guarantees import steps
from chezhe.risk.guarantees.models import Security


@action(permissions.OFFER_SECURITY, label=_("撤回担保登记"))
def withdraw_security(*, security_number: str, reason: str, by: Actor) -> Security:
    """Take back an offer that nobody decided yet."""
    security = Security.objects.visible_to(by).lock(security_number)
    return steps.decide(security, "withdraw", reason=reason, by=by)
