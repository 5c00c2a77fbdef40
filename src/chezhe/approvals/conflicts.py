"""Who is biased: colleagues whose relatives, property or own business is concerned, as far as somebody has said so."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q, QuerySet

from chezhe.approvals.choices import INTERESTS
from chezhe.approvals.errors import Biased
from chezhe.approvals.models import ApprovalRequest, Interest
from chezhe.kernel import subjects
from chezhe.kernel.actor import Actor


def in_force(on: date) -> QuerySet[Interest]:
    """The interests that count on a day: a day that somebody ended one is the first without it."""
    return Interest.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on), starts_on__lte=on)


def biased(concerns: Collection[str], user_ids: Iterable[int], on: date) -> set[int]:
    """Which of these people have an interest in one of these subjects."""
    if not concerns:
        return set()
    rows = in_force(on).filter(subject_text__in=list(concerns), user_id__in=list(user_ids))
    return set(rows.values_list("user_id", flat=True))


def refuse_interest(request: ApprovalRequest, by: Actor, on: date) -> None:
    """Raise Biased (409) when somebody behind this vote has an interest in what it is about, through a delegation too."""
    rows = in_force(on).filter(subject_text__in=list(request.concerns), user_id__in=by.user_ids) if request.concerns else ()
    for found in rows:
        raise Biased(name=by.name, whom=found.subject_text.partition(":")[2], kind=INTERESTS[found.kind])


def has_insider(concerns: Collection[str], on: date) -> bool:
    """Whether one of these subjects is a colleague's own file or that of a relative: such a case is not for one person alone."""
    rows = in_force(on).filter(subject_text__in=list(concerns), kind__in=("self", "relative")) if concerns else Interest.objects.none()
    return rows.exists()


def label_of(text: str, actor: Actor) -> str:
    """What a subject is called where the actor may see it; raises NotFound (404) otherwise."""
    return str(subjects.open_subject(text, actor).label)
