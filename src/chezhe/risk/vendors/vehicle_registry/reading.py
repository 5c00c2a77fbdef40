"""What the answers about a car mean as facts."""

from __future__ import annotations

from datetime import date

from chezhe.risk.vendors.vehicle_registry.answers import History, Title

# Readings are taken by hand: a hundred kilometres less than before are no fraud.
SLIP_KM = 500


def title_facts(answer: Title, on: date) -> dict[str, object]:
    """Age, use, title and mortgage as the register has them."""
    born = answer.registered_on
    facts: dict[str, object] = {
        "car_age_months": max(0, (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)),
        "car_usage": answer.usage, "car_energy": answer.energy, "car_transfers": len(answer.transferred_on),
        "car_mortgaged_elsewhere": any(mortgage.released_on is None for mortgage in answer.mortgages),
    }
    if answer.owner_matches is not None:
        facts["car_title_clear"] = answer.owner_matches and answer.status == "normal"
    if answer.plate_matches is not None:
        facts["car_plate_match"] = answer.plate_matches
    return facts


def history_facts(answer: History, on: date, odometer_km: int | None) -> dict[str, object]:
    """Damage that insurers paid for, and whether the readings, with today's odometer at their end, ever fall."""
    serious = {claim.kind for claim in answer.claims if claim.severity != "minor"}
    facts: dict[str, object] = {
        "car_major_accident": "collision" in serious, "car_flood": "flood" in serious, "car_fire": "fire" in serious,
        "car_insured": answer.insured_until is not None and answer.insured_until >= on,
    }
    readings = [reading.mileage_km for reading in sorted(answer.readings, key=lambda reading: reading.on)]
    if odometer_km is not None and readings:
        shown = [*readings, odometer_km]
        facts["car_mileage_conflict"] = any(after + SLIP_KM < before for before, after in zip(shown, shown[1:], strict=False))
    return facts
