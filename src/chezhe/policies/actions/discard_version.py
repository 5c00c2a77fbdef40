"""Throw a draft away."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.moves import move
from chezhe.policies import permissions, steps
from chezhe.policies.models import PolicyVersion
from chezhe.policies.states import VERSION


@action(permissions.EDIT_VERSION, label=_("放弃决策表草稿"))
def discard_version(*, version_number: str, reason: str = "", by: Actor) -> PolicyVersion:
    """Give a draft up; it stays in the track. Raises NotFound (404), WrongState (409)."""
    version = steps.lock_version(version_number)
    move(version, VERSION, "discard_version", by=by, reason=reason.strip())
    return version
