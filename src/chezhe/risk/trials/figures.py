"""What each arm of a trial came to so far: every application once, by the first decision that the split gave it, and its loan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Avg, Count, F, FloatField, Sum, Variance
from django.db.models.functions import Cast

from chezhe.kernel import parameters
from chezhe.risk.deciding.values import APPROVED, OUTCOMES, TIERS
from chezhe.risk.registry import evidence
from chezhe.risk.trials import queries
from chezhe.risk.trials.measuring import Mean
from chezhe.risk.trials.models import LiveTrial
from chezhe.risk.trials.rules import ARMS, Standing

AT_ONCE: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One arm. `price` is a fraction a year, `amount_max` and `paid` are fen; `known` loans have an end, of which `bad` are bad."""

    applications: int = 0
    decisions: int = 0
    outcomes: Mapping[str, int] = field(default_factory=dict)
    tiers: Mapping[str, int] = field(default_factory=dict)
    price: Mean = Mean(0)
    amount_max: Mean = Mean(0)
    paid: Mean = Mean(0)
    paid_fen: int = 0
    known: int = 0
    bad: int = 0

    @property
    def standing(self) -> Standing:
        """What guards look at."""
        return Standing(
            applications=self.applications, approved=self.outcomes.get(APPROVED, 0), loans=self.paid.count, bad=self.bad)


def sides(trial: LiveTrial, on: date, known_at: datetime) -> dict[str, Side]:
    """Both arms by name, with the outcomes known by a moment; a few questions whatever the number of applications."""
    decided, made = _decided(trial), _made(trial)
    paid, ended = _paid(trial), _ended(trial, on, known_at)
    return {
        arm: Side(decisions=made.get(arm, 0), **decided.get(arm, {}), **paid.get(arm, {}), **ended.get(arm, {})) for arm in ARMS
    }


def _made(trial: LiveTrial) -> dict[str, int]:
    rows = queries.decisions(trial).order_by().values("arm").annotate(count=Count("pk"))
    return {row["arm"]: row["count"] for row in rows}


def _decided(trial: LiveTrial) -> dict[str, dict[str, Any]]:
    first = queries.first_decisions(trial).order_by()
    price, most = Cast("annual_rate", FloatField()), Cast("amount_max", FloatField())
    rows = first.values("arm").annotate(
        count=Count("pk"), price_count=Count("annual_rate"), price_mean=Avg(price), price_variance=Variance(price, sample=True),
        most_count=Count("amount_max"), most_mean=Avg(most), most_variance=Variance(most, sample=True),
    )
    found: dict[str, dict[str, Any]] = {
        row["arm"]: {
            "applications": row["count"], "outcomes": dict.fromkeys(OUTCOMES, 0), "tiers": dict.fromkeys(TIERS, 0),
            "price": _mean(row, "price"), "amount_max": _mean(row, "most"),
        } for row in rows
    }
    for arm, outcome, tier, count in first.values("arm", "outcome", "tier").annotate(count=Count("pk")).values_list(
            "arm", "outcome", "tier", "count"):
        found[arm]["outcomes"][outcome] += count
        if tier in TIERS:
            found[arm]["tiers"][tier] += count
    return found


def _mean(row: Mapping[str, Any], name: str) -> Mean:
    return Mean(row[f"{name}_count"], row[f"{name}_mean"] or 0.0, row[f"{name}_variance"] or 0.0)


def _paid(trial: LiveTrial) -> dict[str, dict[str, Any]]:
    amount = Cast("amount", FloatField())
    rows = trial.loans.order_by().values("arm").annotate(
        paid_count=Count("pk"), paid_mean=Avg(amount), paid_variance=Variance(amount, sample=True),
        paid_sum=Sum(Cast("amount", FloatField())),
    )
    return {row["arm"]: {"paid": _mean(row, "paid"), "paid_fen": round(row["paid_sum"])} for row in rows}


def _ended(trial: LiveTrial, on: date, known_at: datetime) -> dict[str, dict[str, Any]]:
    """How many loans have shown what they are within the time of maturity, and how many of them are bad."""
    months = parameters.count(evidence.MATURITY_MONTHS, on)
    lent = list(trial.loans.annotate(
        about=F("decision__subject"), customer=F("decision__customer__number"), decided_on=F("decision__business_date"),
    ).values_list("arm", "about", "customer", "decided_on"))
    found: dict[str, dict[str, Any]] = {arm: {"known": 0, "bad": 0} for arm in ARMS}
    for start in range(0, len(lent), AT_ONCE):
        some = lent[start:start + AT_ONCE]
        told = evidence.outcomes_of({name for _arm, about, customer, _on in some for name in (about, f"customer:{customer}")}, known_at)
        for arm, about, customer, decided_on in some:
            bad = evidence.turned_bad(told.get(about) or told.get(f"customer:{customer}") or [], decided_on, months)
            if bad is not None:
                found[arm]["known"] += 1
                found[arm]["bad"] += bad
    return found

