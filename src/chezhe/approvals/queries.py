"""What waits for whom, what was decided, and what else concerns somebody."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from chezhe.approvals.models import AgreedException, ApprovalRequest, Copy, HeldVerdict, Interest, Limit, Vote
from chezhe.kernel.actor import Actor


def waiting_for(actor: Actor) -> QuerySet[ApprovalRequest]:
    """Open requests within reach whose stage this actor may decide: not a maker, not voted yet, not claimed by somebody else."""
    rows = ApprovalRequest.objects.visible_to(actor).filter(status="open")
    mine, free = Q(stage_roles__has_any_keys=sorted(actor.roles)), Q(assigned_to__isnull=True)
    for user_id in sorted(actor.user_ids):
        mine |= Q(stage_members__contains=[user_id])
        free |= Q(assigned_to=user_id)
        rows = rows.exclude(maker_ids__contains=[user_id]).exclude(spent_ids__contains=[user_id])
    return rows.filter(mine, free)


def claimed_by(actor: Actor) -> QuerySet[ApprovalRequest]:
    """What waits for this actor and is in their hands: claimed, or handed on to them."""
    return waiting_for(actor).filter(assigned_to__isnull=False)


def claimable(actor: Actor) -> QuerySet[ApprovalRequest]:
    """What waits for this actor and is in nobody's hands."""
    return waiting_for(actor).filter(assigned_to__isnull=True)


def copied_to(actor: Actor) -> QuerySet[ApprovalRequest]:
    """What somebody let this actor know of."""
    return _among(actor, Copy.objects.filter(user_id__in=sorted(actor.user_ids)))


def unread_by(actor: Actor) -> QuerySet[ApprovalRequest]:
    """Of that, what they have not read yet."""
    return _among(actor, Copy.objects.filter(user_id__in=sorted(actor.user_ids), read_at__isnull=True))


def decided_by(actor: Actor) -> QuerySet[ApprovalRequest]:
    """Requests that the people behind this actor have voted on."""
    people = sorted(actor.user_ids)
    return _among(actor, Vote.objects.filter(Q(user_id__in=people) | Q(on_behalf_of_id__in=people)))


def _among(actor: Actor, rows: QuerySet[Vote] | QuerySet[Copy]) -> QuerySet[ApprovalRequest]:
    """The requests within reach that these rows belong to, each once: a join would have every column of thousands compared."""
    return ApprovalRequest.objects.visible_to(actor).filter(pk__in=rows.order_by().values("request"))


def opened_by(actor: Actor) -> QuerySet[ApprovalRequest]:
    return ApprovalRequest.objects.visible_to(actor).filter(opened_by_id__in=actor.user_ids)


def stuck(actor: Actor) -> QuerySet[ApprovalRequest]:
    """Open requests within reach that nobody can decide any more."""
    return ApprovalRequest.objects.visible_to(actor).filter(status="open", stuck_at__isnull=False)


def of_subject(subject: str, actor: Actor) -> QuerySet[ApprovalRequest]:
    """Every request about one subject, newest first, with its votes."""
    return ApprovalRequest.objects.visible_to(actor).filter(subject_text=subject).prefetch_related("votes")


def overdue(rows: QuerySet[ApprovalRequest], at: datetime) -> QuerySet[ApprovalRequest]:
    """Those whose time is over; none whose clock stands."""
    return rows.filter(status="open", due_at__lt=at, paused_at__isnull=True)


def standing_verdicts(actor: Actor) -> QuerySet[HeldVerdict]:
    """Verdicts of this person that may still be taken back, and those that could not count and have to be given again."""
    waiting = Q(status="refused", request__in=waiting_for(actor).values("pk"))
    rows = HeldVerdict.objects.filter(Q(status="held") | waiting, user_id=actor.user_id)
    return rows.select_related("request").order_by("applies_at")


def limits() -> QuerySet[Limit]:
    """Every limit, newest first: whoever may look at them sees what holds elsewhere, too."""
    return Limit.objects.select_related("user", "branch")


def interests(actor: Actor, *, is_overseer: bool) -> QuerySet[Interest]:
    """What was declared: everybody's for who watches over it, else one's own."""
    rows = Interest.objects.select_related("user")
    return rows.visible_to(actor) if is_overseer else rows.filter(user_id=actor.user_id)


def exceptions(actor: Actor) -> QuerySet[AgreedException]:
    """The exceptions agreed to within reach, newest first."""
    return AgreedException.objects.visible_to(actor).select_related("request", "branch")


def forgotten(before: datetime) -> QuerySet[HeldVerdict]:
    """Held verdicts that should have counted before a moment."""
    return HeldVerdict.objects.filter(status="held", applies_at__lt=before).order_by("id")
