"""A case that went by itself has its signatures, or goes to people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.origination.models import StraightRun
from chezhe.origination.straight import steps


@action(permissions.GO_STRAIGHT, label=_("直通：办结或转人工"))
def end_straight_through(*, application_number: str, reason_code: str = "", reason: str = "", by: Actor) -> StraightRun | None:
    """Without a `reason_code` it has arrived; with one it goes to people, who read why. None where it does not go by itself any more."""
    run = steps.locked(application_number)
    if run is None:
        return None
    return steps.leave(run, reason_code, reason) if reason_code else steps.finish(run)
