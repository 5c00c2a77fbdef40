"""Whatever somebody asks for about a loan is agreed to in the same turn."""

from __future__ import annotations

from chezhe.approvals import permissions as approval_permissions
from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.servicing import changes
from chezhe.servicing.models import LoanChange
from chezhe.simulation.scene import Scene
from chezhe.simulation.tracks import Track


class NotNow(Exception):
    """Nobody asks for it as things are."""


def agree(change: LoanChange, track: Track, scene: Scene) -> None:
    """Everybody who has to votes for it, one stage after the other."""
    for role in changes.RULES[change.kind].stages:
        voter = scene.who(approval_permissions.VOTE, track.branch_code, role=role)
        cast_vote(request_number=change.approval_number, verdict="agree", opinion="情况属实", by=voter)
