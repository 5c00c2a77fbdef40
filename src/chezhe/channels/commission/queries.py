"""Finding plans, and the cap that the law or its guardians set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.urls import reverse

from chezhe.channels.models import CommissionPlan, Dealer
from chezhe.compliance.models import LenderProfile
from chezhe.kernel import parameters
from chezhe.kernel.actor import Actor
from chezhe.kernel.subjects import Subject

CAP = "DEALER_COMM_CAP"
# Counted from their first day to their last.
IN_FORCE = ("agreed", "ended")


def plans(actor: Actor) -> QuerySet[CommissionPlan]:
    """The plans an actor may see."""
    return CommissionPlan.objects.visible_to(actor).select_related("dealer")


def open_plan(actor: Actor, number: str) -> Subject:
    """A plan as other rooms see it; raises NotFound (404)."""
    plan = plans(actor).fetch(number)
    url = reverse("channels:commission_plan", args=[number])
    return Subject(plan.subject, plan.number, url, plan.dealer.branch_id, plan.dealer.owner_id)


def proposed(actor: Actor) -> QuerySet[CommissionPlan]:
    """待核定返佣方案."""
    return plans(actor).filter(status="proposed")


def plans_of(dealer: Dealer) -> QuerySet[CommissionPlan]:
    """Every plan of a dealer, newest first."""
    return CommissionPlan.objects.filter(dealer=dealer).select_related("dealer").order_by("-effective_from", "-id")


def plan_for(dealer_id: int, product_code: str, on: date) -> CommissionPlan | None:
    """The plan by which a dealer earns on a day: the product's own before the general one, then the newest."""
    rows = CommissionPlan.objects.filter(
        Q(effective_to__isnull=True) | Q(effective_to__gte=on), dealer_id=dealer_id, product_code__in=["", product_code],
        status__in=IN_FORCE, effective_from__lte=on,
    )
    return rows.order_by("-product_code", "-effective_from", "-id").first()


@dataclass(frozen=True, slots=True)
class Cap:
    """The most a dealer may earn, as a fraction of the money lent, since when, and where that is written."""

    rate: Decimal
    source: str
    since: date


def cap(product_code: str, on: date) -> Cap | None:
    """The cap in force on a day for the lender's licence and region; None on a day without one."""
    lender = LenderProfile.objects.filter(pk=1).first()
    scope = {"licence_type": lender.licence_type, "region": lender.region} if lender else {}
    row = parameters.find(CAP, on, product=product_code, **scope)
    return Cap(Decimal(row.value), row.source, row.effective_from) if row else None
