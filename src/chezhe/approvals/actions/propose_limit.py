"""Propose another limit of an amount."""

from __future__ import annotations

from datetime import date

from chezhe.approvals import limiting, permissions
from chezhe.approvals.models import Limit
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.PROPOSE_LIMIT)
def propose_limit(*, bound: limiting.Proposed, reason: str, business_date: date, by: Actor) -> Limit:
    """Ask that a role or a person may be the last to agree up to another amount; it counts once a second person has agreed."""
    return limiting.propose(bound, reason, business_date, by)
