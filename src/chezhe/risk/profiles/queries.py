"""Asking how customers stand, and how they stood month by month."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from chezhe.customers.models import Customer
from chezhe.kernel.actor import Actor
from chezhe.risk.profiles.choices import HIGH, LATE
from chezhe.risk.profiles.models import BehaviourScore, Profile, WarningReview

MONTHS_SHOWN = 24
WARNED = (HIGH, LATE)


def profile_of(customer: Customer) -> Profile | None:
    """How the customer stands now; None without a running loan, or before its third month."""
    return Profile.objects.filter(customer=customer).select_related("newest").first()


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
