"""The B-card and the early warning at work: from known facts to a score, a probability, a level and their reasons.

Which models are in force the registry says, under the purposes `behaviour` and `warning`; it begins with those that lie beside this file as
readable text, made by our own commands from invented rows (docs/customer-profile.md).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, Final

from chezhe.risk.facts.catalogue import CATALOGUE
from chezhe.risk.facts.definitions import NotAFact, Value, stored
from chezhe.risk.profiles.behaviour import FEATURES, LATE_DAYS
from chezhe.risk.profiles.choices import HIGH, LATE, LOW, WATCH
from chezhe.scorecards import artefact
from chezhe.scorecards.artefact import Model
from chezhe.scorecards.scored import Scored

SHIPPED: Final = Path(__file__).parent / "shipped"
# Who has had a loan for less than that has shown no behaviour yet; the models have seen nobody like that.
MONTHS_MIN: Final = 3
# What is asked before any model is.
ALWAYS: Final = ("behaviour_loans_running", "behaviour_months_on_book", "behaviour_dpd_now")
_SIX = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which probability on a customer is watched, and warned of."""

    watch: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Pair:
    """The B-card and the early warning that judge together."""

    card: Model
    warning: Model


@dataclass(frozen=True, slots=True)
class Judged:
    """What is written of a customer on a day; `parts` and `reasons` are (fact, points); `facts` are what was known, as stored."""

    score: int
    base: int
    probability: Decimal
    level: str
    parts: tuple[tuple[str, int], ...]
    reasons: tuple[tuple[str, int], ...]
    card_hash: str
    warning_hash: str
    digest: str
    facts: Mapping[str, Any]


def shipped() -> Pair:
    """The pair that a new house starts with, verified against its manifests."""
    return Pair(artefact.load(SHIPPED / "behaviour"), artefact.load(SHIPPED / "warning"))


def judge(facts: Mapping[str, Any], thresholds: Thresholds, models: Pair) -> Judged | None:
    """Score the behaviour facts of one customer; None for who has no running loan, or too short a one, or of whom that is unknown."""
    is_running = facts.get("behaviour_loans_running") and "behaviour_dpd_now" in facts
    if not is_running or facts.get("behaviour_months_on_book", 0) < MONTHS_MIN:
        return None
    card, warning = models.card, models.warning
    scored, warned = card.score(facts), warning.score(facts)
    assert isinstance(scored, Scored) and isinstance(warned, Scored)
    probability, reasons = chance_of(warned), tuple((reason.code, reason.points_lost) for reason in warned.reasons)
    level = _level(probability, thresholds)
    if facts["behaviour_dpd_now"] >= LATE_DAYS:
        probability, level, reasons = Decimal(1), LATE, (("behaviour_dpd_now", 0),)
    needed = dict.fromkeys((*card.columns, *warning.columns, *ALWAYS))
    seen = {code: str(facts[code]) for code in needed if code in facts}
    told = [seen, scored.score, str(probability), level, card.hash, warning.hash]
    return Judged(
        score=scored.score, base=round(scored.base), probability=probability, level=level,
        parts=tuple((part.code, round(part.points)) for part in scored.contributions), reasons=reasons, card_hash=card.hash,
        warning_hash=warning.hash, digest=hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest(),
        facts={code: stored(facts[code]) for code in FEATURES if code in facts},
    )


def given(kept: Mapping[str, Any]) -> dict[str, Value]:
    """The facts of a score as they were, out of what was stored with it; what the catalogue no longer reads is missing."""
    found: dict[str, Value] = {}
    for code, told in kept.items():
        try:
            found[code] = CATALOGUE[code].read(told)
        except (KeyError, NotAFact):
            continue
    return found


def chance_of(scored: Scored) -> Decimal:
    """The probability as it is kept."""
    return Decimal(str(scored.probability)).quantize(_SIX, ROUND_HALF_UP)


def _level(probability: Decimal, thresholds: Thresholds) -> str:
    if probability >= thresholds.high:
        return HIGH
    return WATCH if probability >= thresholds.watch else LOW
