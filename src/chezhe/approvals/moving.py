"""A request between two votes: whose turn it is, its clock, its track, and whether anybody is left who could vote."""

from __future__ import annotations

from collections.abc import Iterable

from chezhe.approvals import rules, seats
from chezhe.approvals.models import ApprovalRequest, Handling, Vote
from chezhe.kernel import clock, events
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.staff.models import User


def stand(request: ApprovalRequest, votes: Iterable[Vote]) -> None:
    """Write beside the stages whose turn it is; the caller saves."""
    stage, whose = request.current_stage, seats.turn_of(request, votes)
    request.stage_role = "" if whose.is_signing else next(iter(stage.all_roles), "")
    request.stage_veto = "" if whose.is_signing else stage.veto
    request.stage_roles, request.stage_members = list(whose.roles), list(whose.people)
    names = User.objects.filter(pk__in=whose.people).order_by("name").values_list("name", flat=True) if whose.people else ()
    request.stage_names = "、".join(names)[:200]


def note(request: ApprovalRequest, verb: str, by: Actor, *, other: User | None = None, words: str = "") -> Handling:
    """Keep what was done in the track of the request."""
    return Handling.objects.create(
        request=request, verb=verb, stage=request.stage, user_id=by.user_id, user_name=by.name, other=other,
        other_name=other.name if other else "", words=words, handled_at=clock.now(),
    )


def resume(request: ApprovalRequest, by: Actor) -> None:
    """Let a clock that stood go on, its limit later by the pause; the caller saves. Nothing where it went on."""
    if request.paused_at is None:
        return
    request.due_at = rules.moved_due(request.due_at, request.paused_at, clock.now())
    request.paused_at, request.pause_reason = None, ""
    note(request, "resume", by)


def look_for_people(request: ApprovalRequest, votes: Iterable[Vote]) -> bool:
    """Whether too few are left to decide it: then it is said aloud, once, until somebody can vote again."""
    votes = list(votes)
    is_stuck = seats.is_stuck(request, votes, clock.today())
    if is_stuck == (request.stuck_at is not None):
        return is_stuck
    request.stuck_at = clock.now() if is_stuck else None
    request.save(update_fields=["stuck_at"])
    note(request, "stuck" if is_stuck else "unstuck", SYSTEM)
    if is_stuck:
        events.publish("approval.stuck", request.subject_text, {"number": request.number, "kind": request.kind})
    return is_stuck


def drop_holder(request: ApprovalRequest, votes: Iterable[Vote]) -> None:
    """Whoever has claimed it and can no longer vote holds it no more; a delegate holds it for whom they act."""
    if seats.has_lost_holder(request, votes, clock.today()):
        holder, request.assigned_to = request.assigned_to, None
        request.save(update_fields=["assigned_to"])
        note(request, "release", SYSTEM, other=holder)
