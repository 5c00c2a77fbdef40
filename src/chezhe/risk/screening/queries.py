"""Asking what is known of a customer: hits as known then, the newest review, what is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from chezhe.customers.models import Customer
from chezhe.kernel import clock
from chezhe.kernel.actor import Actor
from chezhe.risk.screening.models import FREEZING, Diligence, Hit, HitTurn, Holding, ListVersion, Screened

STANDING = ("open", "confirmed", "release_proposed")


def watch_hit(customers: Sequence[Customer], at: datetime) -> dict[int, bool]:
    """By customer id whether a hit stood for them at that moment. Left out, since unknown: who was not held against every list then."""
    keys = [customer.pk for customer in customers]
    turns = HitTurn.objects.filter(customer__in=keys, turned_at__lte=at).order_by("hit_id", "-turned_at", "-id").distinct("hit_id")
    hit = {turn.customer_id for turn in turns if turn.counts}
    codes = dict(ListVersion.objects.filter(imported_at__lte=at).values_list("number", "code"))
    lists = set(codes.values())
    held: dict[int, set[str]] = {}
    for key, numbers in Screened.objects.filter(customer__in=keys, screened_at__lte=at).values_list("customer_id", "versions"):
        held.setdefault(key, set()).update(codes[number] for number in numbers if number in codes)
    return {key: key in hit for key in keys if key in hit or (lists and held.get(key, set()) >= lists)}


def watch_now(customer: Customer) -> bool | None:
    """Whether a list is held to name the customer now; None when that is unknown."""
    return watch_hit([customer], clock.now()).get(customer.pk)


def frozen_among(customers: Iterable[Customer]) -> list[Customer]:
    """Those of these customers for whom a likeness with a list that freezes stands now, in their order."""
    named = list(customers)
    keys = set(Hit.objects.filter(customer__in=named, list_kind__in=FREEZING, status__in=STANDING).values_list("customer_id", flat=True))
    return [one for one in named if one.pk in keys]


def newest_review(customer: Customer, at: datetime | None = None) -> Diligence | None:
    """The review that counted at a moment."""
    rows = Diligence.objects.filter(customer=customer)
    return (rows.filter(recorded_at__lte=at) if at else rows).order_by("-id").first()


def due(by: Actor, on: date) -> QuerySet[Customer]:
    """Customers in reach whose review has come, or who never had one; with `newest_on` and `newest_grade`."""
    newest = Diligence.objects.filter(customer=OuterRef("pk")).order_by("-id")
    rows = Customer.objects.visible_to(by).annotate(
        newest_on=Subquery(newest.values("next_review_on")[:1]), newest_grade=Subquery(newest.values("grade")[:1]),
    )
    return rows.filter(Q(newest_on__isnull=True) | Q(newest_on__lte=on))


def reviewed_due(by: Actor, on: date) -> QuerySet[Diligence]:
    """The newest reviews in reach whose next one has come: what the pile of waiting work counts."""
    later = Diligence.objects.filter(customer=OuterRef("customer"), pk__gt=OuterRef("pk"))
    return Diligence.objects.visible_to(by).filter(next_review_on__lte=on).exclude(Exists(later))


def current_versions() -> list[ListVersion]:
    """The version of each list that counts now."""
    return list(ListVersion.objects.filter(is_current=True).order_by("code"))


def is_still_listed(hit: Hit) -> bool:
    """Whether the newest version of its list still names the entry."""
    return ListVersion.objects.filter(code=hit.list_code, is_current=True, rows__code=hit.entry_code).exists()


def hit_counts(versions: Sequence[ListVersion]) -> dict[str, int]:
    """Open hits by list code."""
    rows = Hit.objects.filter(list_code__in=[version.code for version in versions], status="open")
    return {row["list_code"]: row["found"] for row in rows.values("list_code").annotate(found=Count("pk")).order_by("list_code")}


def holdings_of(company: Customer) -> QuerySet[Holding]:
    """Who holds the company, and who holds its holders, as recorded."""
    return Holding.objects.filter(company=company, ended_at__isnull=True).select_related("holder").order_by("of_name", "-share_rate", "id")


def hits_of(customer: Customer) -> Any:
    """What was found of a customer, newest first."""
    return Hit.objects.filter(customer=customer).select_related("entry", "customer").order_by("-id")
