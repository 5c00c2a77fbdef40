"""What waits for whom, and what was decided."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from chezhe.approvals.models import ApprovalRequest
from chezhe.kernel.actor import Actor


def waiting_for(actor: Actor) -> QuerySet[ApprovalRequest]:
    """Open requests within reach whose stage this actor may decide: not a maker, not voted yet."""
    rows = ApprovalRequest.objects.visible_to(actor).filter(status="open")
    rows = rows.filter(Q(stage_role__in=actor.roles) | Q(stage_veto__in=actor.roles))
    for user_id in sorted(actor.user_ids):
        rows = rows.exclude(maker_ids__contains=[user_id]).exclude(votes__user_id=user_id).exclude(votes__on_behalf_of_id=user_id)
    return rows


def decided_by(actor: Actor) -> QuerySet[ApprovalRequest]:
    """Requests that the people behind this actor have voted on."""
    voted = Q(votes__user_id__in=actor.user_ids) | Q(votes__on_behalf_of_id__in=actor.user_ids)
    return ApprovalRequest.objects.visible_to(actor).filter(voted).distinct()


def opened_by(actor: Actor) -> QuerySet[ApprovalRequest]:
    return ApprovalRequest.objects.visible_to(actor).filter(opened_by_id__in=actor.user_ids)


def of_subject(subject: str, actor: Actor) -> QuerySet[ApprovalRequest]:
    """Every request about one subject, newest first, with its votes."""
    return ApprovalRequest.objects.visible_to(actor).filter(subject_text=subject).prefetch_related("votes")


def overdue(rows: QuerySet[ApprovalRequest], at: datetime) -> QuerySet[ApprovalRequest]:
    return rows.filter(status="open", due_at__lt=at)
