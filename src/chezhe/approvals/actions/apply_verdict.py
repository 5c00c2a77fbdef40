"""Let a held verdict count."""

from __future__ import annotations

from chezhe.approvals import holding, permissions
from chezhe.approvals.models import HeldVerdict
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.APPLY)
def apply_verdict(*, held_id: int, by: Actor) -> HeldVerdict:
    """Count a verdict whose time to be taken back is over, with the rights that its giver has now."""
    return holding.apply(held_id)
