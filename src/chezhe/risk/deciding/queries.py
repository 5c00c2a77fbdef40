"""Finding decisions, and whether everything that was asked has come back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from chezhe.kernel.actor import Actor
from chezhe.kernel.composed import Composed
from chezhe.risk.deciding.models import Decision, DecisionRound
from chezhe.risk.facts.models import Enquiry
from chezhe.risk.valuing.models import Valuing


def visible(actor: Actor) -> QuerySet[Decision]:
    """The decisions in reach, without their records. What a challenger would have said is no decision: it stands with the model."""
    rows = Decision.objects.visible_to(actor).exclude(kind="shadow")
    return rows.select_related("branch", "customer", "earlier").defer("record", "earlier__record")


def fetch(number: str, actor: Actor) -> Decision:
    """One decision with its record; raises NotFound (404) also out of reach."""
    return Decision.objects.visible_to(actor).select_related("branch", "customer", "earlier", "round").fetch(number)


def called(number: str) -> Decision:
    """One decision for the worker, without its record; raises NotFound (404)."""
    return Decision.objects.all().defer("record").fetch(number)


def latest(subject: str) -> Decision | None:
    """The last decision about a subject; its record is left unread."""
    return next(iter(_LATEST.objects(subject)), None)


_LATEST = Composed(lambda subject: Decision.objects.filter(subject=subject).exclude(kind="shadow").defer("record").order_by("-id")[:1], "?")


def of_subject(subject: str, actor: Actor) -> QuerySet[Decision]:
    """Every decision about a subject, newest first."""
    return visible(actor).filter(subject=subject).order_by("-id")


def gathering(subject: str) -> DecisionRound | None:
    """The round of a subject that still waits for facts."""
    return DecisionRound.objects.filter(subject=subject, status="gathering").first()


def concerning(subject: str) -> list[DecisionRound]:
    """The waiting rounds in which the facts of a subject count."""
    return _CONCERNING.objects(subject)


def _counting(subject: str) -> QuerySet[DecisionRound]:
    mine = Q(asked__subjects__contains=[subject]) | Q(asked__others__contains=[subject])
    return DecisionRound.objects.filter(mine, status="gathering").order_by("id")


_CONCERNING = Composed(_counting, "?")


def overdue(at: datetime) -> QuerySet[DecisionRound]:
    """Rounds whose time to wait is over: the job that should have decided them was lost."""
    return DecisionRound.objects.filter(status="gathering", due_at__lte=at).order_by("id")


def check_before(subject: str) -> int | None:
    """The coverage check before the last time that a subject was asked about; None when it never was."""
    return DecisionRound.objects.filter(subject=subject).order_by("-pk").values_list("check_before", flat=True).first()


def is_gathered(waiting: DecisionRound) -> bool:
    """Whether no question about anybody or anything in a round still waits for its answer."""
    subjects = subjects_of(waiting)
    return not Enquiry.objects.filter(subject__in=subjects, status="waiting").exists() and not is_being_valued(subjects)


def is_being_valued(subjects: Iterable[str]) -> bool:
    """Whether the value of one of these cars is being asked for."""
    cars = [subject.partition(":")[2] for subject in subjects if subject.startswith("vehicle:")]
    return bool(cars) and Valuing.objects.filter(vehicle__number__in=cars, status="gathering").exists()


def subjects_of(waiting: DecisionRound) -> list[str]:
    """Everybody and everything that a round asks about."""
    return [*waiting.asked["subjects"], *waiting.asked["others"]]


def everything(numbers: Iterable[str] = ()) -> QuerySet[Decision]:
    """All decisions with their records, oldest first, for the proof."""
    wanted = list(numbers)
    rows = Decision.objects.order_by("id")
    return rows.filter(number__in=wanted) if wanted else rows
