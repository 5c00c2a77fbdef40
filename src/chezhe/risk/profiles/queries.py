"""Asking how customers stand, and how they stood month by month."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import QuerySet

from chezhe.customers.models import Customer
from chezhe.kernel.actor import Actor
from chezhe.risk.deciding.models import Decision
from chezhe.risk.facts import earning, earnings
from chezhe.risk.facts import queries as fact_queries
from chezhe.risk.facts.queries import Assembled
from chezhe.risk.facts.rules import Told
from chezhe.risk.profiles.choices import HIGH, LATE
from chezhe.risk.profiles.models import BehaviourScore, Profile, WarningReview

MONTHS_SHOWN = 24
WARNED = (HIGH, LATE)
BURDEN = "dti"


def profile_of(customer: Customer) -> Profile | None:
    """How the customer stands now; None without a running loan, or before its third month."""
    return Profile.objects.filter(customer=customer).select_related("newest").first()


def known_of(customer: Customer, at: datetime, codes: Iterable[str]) -> Assembled:
    """What is known of a customer at a moment, with the income that follows from it and the burden that the newest decision was
    made on."""
    seen = earnings.with_income(fact_queries.assembled([customer.subject], at, [*codes, *earning.CODES]), at)
    rows = Decision.objects.filter(customer=customer, decided_at__lte=at, dti__isnull=False).exclude(kind="shadow")
    for dti, decided_at in rows.order_by("-id").values_list("dti", "decided_at")[:1]:
        seen = fact_queries.with_told(seen, BURDEN, Told(dti, "decision", decided_at), at)
    return seen


def by_month(customer: Customer) -> list[BehaviourScore]:
    """The last score of each month, oldest first, of the last months that have one."""
    rows = BehaviourScore.objects.filter(customer=customer).order_by("-id").only("customer_id", "on", "score", "probability", "level")
    months: dict[date, BehaviourScore] = {}
    for row in rows[: 31 * MONTHS_SHOWN]:
        months.setdefault(row.on.replace(day=1), row)
    return [months[month] for month in sorted(months)[-MONTHS_SHOWN:]]


def profiles(by: Actor) -> QuerySet[Profile]:
    """Everybody in reach, with what a list shows of them."""
    return Profile.objects.visible_to(by).naming("customer__branch", "customer__owner")


def warned(by: Actor) -> QuerySet[Profile]:
    """Those in reach of whom people are warned, and nobody has done anything about it."""
    return Profile.objects.visible_to(by).filter(level__in=WARNED, reviewed_on=None)


def reviews_of(customer: Customer) -> QuerySet[WarningReview]:
    """What was done about the customer's warnings, newest first."""
    return WarningReview.objects.filter(customer=customer).select_related("customer").order_by("-id")
