"""Decisions over REST: the answer, everything it stands on, and the proof."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from django.http import HttpRequest

from chezhe.kernel import business_date, rest
from chezhe.kernel.actor import Actor
from chezhe.kernel.doors import needs
from chezhe.risk import permissions
from chezhe.risk.actions.issue_notice import issue_notice
from chezhe.risk.api import router
from chezhe.risk.api.shapes import FactConsentOut
from chezhe.risk.deciding import consents, hushing, queries, reasons, replaying, several
from chezhe.risk.deciding.models import Decision
from chezhe.risk.facts.consents import Agreed
from chezhe.risk.screening.silence import heard
from chezhe.risk.trials.permissions import VIEW_TRIALS


class DecisionOut(rest.Out):
    """`outcome` is approved, referred or declined; `reasons` are codes R01 to R26, `unknown` codes of facts that were wanting. `trial`
    is the number of a live trial and `arm` champion or challenger; both are empty outside one, and for whoever may not see trials.
    Reasons and facts that must not reach the customer are left out for whoever sees neither screenings nor due diligence."""

    number: str
    subject: str
    kind: str
    customer_number: str
    outcome: str
    route: str
    tier: str
    score: int | None
    amount: rest.Yuan | None
    amount_max: rest.Yuan | None
    annual_rate: rest.Fraction | None
    reasons: list[str]
    unknown: list[str]
    decided_at: datetime
    business_date: date
    digest: str
    trial: str
    arm: str
    earlier_number: str | None


class DecisionPage(rest.Out):
    items: list[DecisionOut]
    next_cursor: str | None = None


class InputOut(rest.Out):
    """One fact as it was known; `fault` says why it counted as unknown, `consent` on what it was asked for (null for what nobody outside
    was asked)."""

    code: str
    value: Any
    source: str
    known_at: datetime
    fault: str
    consent: FactConsentOut | None


class StageOut(rest.Out):
    name: str
    verdict: str
    policy: str
    version: int
    content_hash: str
    car: str
    rows: list[int]
    unknown: list[str]
    reasons: list[str]
    trouble: str


class CarOut(rest.Out):
    """A further car and what was known of it."""

    vehicle_number: str
    facts: list[InputOut]


class PartOut(rest.Out):
    code: str
    points: float


class BasisOut(rest.Out):
    """What a decision stands on. `told` is what the customer may be told of the reasons, in the caller's language."""

    facts: list[InputOut]
    stages: list[StageOut]
    cars: list[CarOut]
    base: float | None
    parts: list[PartOut]
    model_hash: str | None
    told: list[str]


class NothingToSayIn(rest.In):
    """An empty object."""


class NoticeOut(rest.Out):
    """Where the printed notice is kept: the key of a document of the application."""

    decision_number: str
    document: str
    name: str


class ReplayOut(rest.Out):
    """`is_same`: decided again by what was known and in force then, the bytes are equal."""

    number: str
    is_same: bool
    kept: str
    made: str
    trouble: str
    differs: list[str]


def _shape(row: Decision, by: Actor) -> dict[str, Any]:
    plain = ("number", "subject", "kind", "outcome", "route", "tier", "score", "amount", "amount_max", "annual_rate",
             "decided_at", "business_date", "digest")
    return {name: getattr(row, name) for name in plain} | {
        **{name: getattr(row, name) if by.can(VIEW_TRIALS.code) else "" for name in ("trial", "arm")},
        "reasons": heard(row.reasons, by), "unknown": heard(row.unknown, by),
        "customer_number": row.customer.number, "earlier_number": row.earlier.number if row.earlier else None,
    }


@router.get("/decisions", response=DecisionPage, summary="Decisions in reach, newest first")
@needs(permissions.VIEW_DECISION)
def decisions(request: HttpRequest, cursor: str = "", limit: int = rest.PAGE_SIZE, subject: str = "") -> dict[str, Any]:
    rows = queries.visible(request.actor)
    return rest.page_of(rows.filter(subject=subject) if subject else rows, cursor, limit, partial(_shape, by=request.actor))


@router.get("/decisions/{number}", response=DecisionOut, summary="One decision")
@needs(permissions.VIEW_DECISION)
def decision(request: HttpRequest, number: str) -> dict[str, Any]:
    return _shape(queries.visible(request.actor).fetch(number), request.actor)


def _facts(told: Mapping[str, Mapping[str, Any]], agreed: Mapping[str, Agreed]) -> list[dict[str, Any]]:
    return [
        {"code": code, "fault": "", **{key: one[key] for key in one if key != "type"},
         "consent": agreed[code].as_json() if code in agreed else None} for code, one in told.items()
    ]


@router.get("/decisions/{number}/basis", response=BasisOut, summary="Facts, stages and score contributions of a decision")
@needs(permissions.VIEW_FACTS)
def basis(request: HttpRequest, number: str) -> dict[str, Any]:
    row = queries.fetch(number, request.actor)
    kept = hushing.heard(replaying.told(row), request.actor)
    scoring, agreed = kept["verdict"]["scoring"], consents.of(row, kept)
    return {
        "facts": _facts(kept["facts"], agreed),
        "stages": [{**stage, "car": several.car_of(stage)} for stage in kept["verdict"]["stages"]],
        "cars": [
            {"vehicle_number": car, "facts": _facts(dict(sorted(given.items())), {})} for car, given in sorted(kept.get("cars", {}).items())
        ], "base": scoring["base"] if scoring else None, "parts": scoring["parts"] if scoring else [],
        "model_hash": kept["model"]["hash"] if kept["model"] else None,
        "told": reasons.told(row.reasons),
    }


@router.post("/decisions/{number}/notice", response={201: NoticeOut}, summary="Issue the notice of a rejection and keep it")
@needs(permissions.ISSUE_NOTICE)
def notice(request: HttpRequest, number: str, payload: NothingToSayIn) -> tuple[int, dict[str, Any]]:
    kept = issue_notice(decision_number=number, business_date=business_date.current(), by=request.actor)
    return 201, {"decision_number": number, "document": str(kept.key), "name": kept.original_name}


@router.get("/decisions/{number}/replay", response=ReplayOut, summary="Decide it once more by what was known and in force then")
@needs(permissions.VIEW_DECISION)
def replay(request: HttpRequest, number: str) -> dict[str, Any]:
    found = replaying.replay(queries.fetch(number, request.actor))
    return {name: getattr(found, name) for name in ("number", "is_same", "kept", "made", "trouble")} | {"differs": list(found.differs)}
