from __future__ import annotations

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk import permissions
from chezhe.risk.guarantees import steps
from chezhe.risk.guarantees.models import Security


@action(permissions.RELEASE_SECURITY)
def release_security(*, security_number: str, reason: str, by: Actor) -> Security:
    """Give a security back: the debt is gone, or another one took its place.

    Raises WrongState or SecurityNeeded (409): while a contract stands, what is left has to cover it.
    """
    named = Security.objects.visible_to(by).fetch(security_number)
    steps.lock_all(named.subject_text)
    security = Security.objects.visible_to(by).lock(security_number)
    return steps.give_back(security, reason=reason, by=by)
