"""What becomes known when a value takes effect: the car's valuation of record, and the facts a decision reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from chezhe.finmath.money import Money
from chezhe.kernel import clock
from chezhe.kernel.actor import Actor
from chezhe.risk.facts import steps as fact_steps
from chezhe.risk.valuing.flags import Reading, Word, rollbacks
from chezhe.risk.valuing.models import Valuing
from chezhe.vehicles import steps as vehicle_steps

_SIX = Decimal("0.000001")
# Which source of facts stands behind a witness.
_FACT_SOURCES = {"vehicle_registry": "vehicle_registry", "vehicle_history": "vehicle_history", "appraiser": "appraisal",
    "file": "application", "licence": "vehicle_registry",
                 "certificate": "vehicle_registry"}


def take_effect(valuing: Valuing, *, by: Actor) -> None:
    """The value becomes the lender's valuation (the price base of a used car) and the facts `car_value_…`."""
    if valuing.value is None or valuing.lending_value is None:
        return
    vehicle_steps.value(
        valuing.vehicle, source="in_house", amount=valuing.value, valued_on=valuing.valued_on, business_date=valuing.valued_on, by=by,
        mileage_km=valuing.mileage_km, note=valuing.number,
    )
    facts: dict[str, Any] = {"car_value_market": valuing.value.fen, "car_value_lending": valuing.lending_value.fen}
    if valuing.low is not None and valuing.high is not None:
        facts["car_value_interval_rate"] = _interval_rate(valuing.value, valuing.low, valuing.high)
    if valuing.selling:
        facts["car_days_to_sell"] = valuing.selling["median"]
    fact_steps.record_facts(valuing.vehicle.subject, facts, source="valuation", known_at=clock.now(), by=by)


def _interval_rate(value: Money, low: Money, high: Money) -> str:
    """Half the interval's width as a share of the value."""
    return str((Decimal(high.fen - low.fen) / (2 * value.fen)).quantize(_SIX, ROUND_HALF_UP))


def record_words(subject: str, words: Iterable[Word], *, by: Actor) -> None:
    """Each witness's words as facts under its own source, so that contradictions stay visible."""
    by_source: dict[str, dict[str, Any]] = {}
    for word in words:
        by_source.setdefault(_FACT_SOURCES[word.source], {})[word.point] = word.value
    for source, facts in by_source.items():
        fact_steps.record_facts(subject, _known(facts), source=source, known_at=clock.now(), by=by)


def record_readings(subject: str, readings: Iterable[Reading], *, by: Actor) -> None:
    """Whether the odometer ever ran backwards; one reading alone says nothing."""
    given = list(readings)
    if len(given) > 1:
        facts = {"car_mileage_conflict": bool(rollbacks(given))}
        fact_steps.record_facts(subject, facts, source="vehicle_history", known_at=clock.now(), by=by)


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {code: value for code, value in facts.items() if value not in (None, "")}
