from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk import permissions
from chezhe.risk.guarantees import steps
from chezhe.risk.guarantees.models import Security


@action(permissions.DECIDE_SECURITY, label=_("不予认定担保"))
def refuse_security(*, security_number: str, reason: str, by: Actor) -> Security:
    """Say why an offered security does not count."""
    security = Security.objects.visible_to(by).lock(security_number)
    return steps.decide(security, "refuse", reason=reason, by=by)
