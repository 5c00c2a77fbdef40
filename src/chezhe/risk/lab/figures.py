"""What a strategy would have brought: rates, tiers, expected loss and profit, of past applications. Estimates, not books.

A loan that is granted is the amount asked for, or the most that the strategy lends, at the asked rate, or the strategy's where that is
lower. It is repaid in equal steps, so that on average (n + 1) / (2 n) of it is owed over n months:

    interest      = amount × annual rate × n / 12 × (n + 1) / (2 n)
    funding       = the same at the rate at which money costs us
    expected loss = PD × LGD × EAD: the chance of the score × the share lost × the amount × the share still owed when loans go bad
    profit        = interest − funding − expected loss

An approved application counts whole, a referred one by the share of referred applications that people approve. Who has no score has no
PD: such applications count in every rate, and in no sum of money.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Final

import ibis  # type: ignore[import-untyped]

from chezhe.risk.deciding.values import APPROVED, DECLINED, REFERRED, TIERS

NO_TIER: Final = ""
GROUPS: Final = ("outcome", "route", "tier")
COUNTS: Final = ("applications", "counted", "known", "bad")
SUMS: Final = ("amount", "interest", "funding", "expected_loss")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Fractions: `lgd` of what is owed is lost, `owed_at_default` of the loan is still owed when it goes bad, money costs `funding_rate` a
    year, and people approve `review_share` of what is referred to them."""

    lgd: Decimal = Decimal("0.45")
    owed_at_default: Decimal = Decimal("0.75")
    funding_rate: Decimal = Decimal("0.045")
    review_share: Decimal = Decimal("0.60")

    def as_json(self) -> dict[str, str]:
        return {name: format(value, "f") for name, value in asdict(self).items()}


def parameters_of(kept: Mapping[str, str]) -> Parameters:
    return Parameters(**{name: Decimal(value) for name, value in kept.items()})


def grouped(relation: Any, prefix: str, parameters: Parameters) -> Any:
    """By outcome, route and tier: how many, how many of them turned out good or bad, and the sums of money in fen."""
    def said(name: str) -> Any:
        return relation[f"{prefix}{name}"]

    asked = relation["amount"].cast("float64")
    amount = ibis.least(asked, ibis.coalesce(said("amount_max").cast("float64"), asked))
    asked_rate = relation["annual_rate"].cast("float64")
    rate = ibis.least(asked_rate, ibis.coalesce(said("annual_rate").cast("float64"), asked_rate))
    periods = relation["periods"].cast("float64")
    years = (periods + 1.0) / 24.0
    sums = {
        "amount": amount, "interest": amount * rate * years, "funding": amount * float(parameters.funding_rate) * years,
        "expected_loss": amount * said("probability") * float(parameters.lgd) * float(parameters.owed_at_default),
    }
    is_counted = said("probability").notnull() & amount.notnull() & rate.notnull() & periods.notnull()
    found = relation.mutate(
        **{name: said(name) for name in ("outcome", "route")}, tier=ibis.coalesce(said("tier"), ibis.literal(NO_TIER)),
        **{f"sum_{name}": is_counted.ifelse(value, 0.0) for name, value in sums.items()}, is_counted=is_counted,
    )
    return found.group_by(list(GROUPS)).aggregate(
        applications=found.count(), counted=found["is_counted"].cast("int64").sum(),
        known=found["bad"].notnull().cast("int64").sum(), bad=ibis.coalesce(found["bad"].cast("int64").sum(), 0),
        amount=found["sum_amount"].sum(), interest=found["sum_interest"].sum(), funding=found["sum_funding"].sum(),
        expected_loss=found["sum_expected_loss"].sum(),
    )


def told(groups: Iterable[Mapping[str, Any]], parameters: Parameters) -> dict[str, Any]:
    """The figures of one side: counts, rates as fractions, money in whole fen, as JSON holds them."""
    # An engine adds whole numbers up in a type as wide as it likes.
    groups = [{**group, **{name: int(group[name]) for name in COUNTS}} for group in groups]
    count = sum(group["applications"] for group in groups)
    by_outcome = {outcome: _count(groups, "outcome", outcome) for outcome in (APPROVED, REFERRED, DECLINED)}
    weights = {APPROVED: 1.0, REFERRED: float(parameters.review_share), DECLINED: 0.0}
    money = {name: round(sum(group[name] * weights[group["outcome"]] for group in groups)) for name in SUMS}
    approved = [group for group in groups if group["outcome"] == APPROVED]
    known, bad = sum(group["known"] for group in approved), sum(group["bad"] for group in approved)
    granted = sum(by_outcome[outcome] * weights[outcome] for outcome in by_outcome)
    return {
        "applications": count, "outcomes": by_outcome, "auto_rate": _share(by_outcome[APPROVED], count),
        "approval_rate": _share(granted, count), "decline_rate": _share(by_outcome[DECLINED], count),
        "tiers": {tier: _count(groups, "tier", tier) for tier in (*TIERS, NO_TIER)},
        "routes": {route: _count(groups, "route", route) for route in sorted({group["route"] for group in groups})},
        "unscored": count - sum(group["counted"] for group in groups), "known": known, "bad": bad, "bad_rate": _share(bad, known),
        **money, "profit": money["interest"] - money["funding"] - money["expected_loss"],
    }


def _count(groups: Iterable[Mapping[str, Any]], by: str, value: str) -> int:
    return sum(group["applications"] for group in groups if group[by] == value)


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 6) if whole else None
