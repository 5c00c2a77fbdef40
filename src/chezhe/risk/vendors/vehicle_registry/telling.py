"""What registry, insurers and workshops tell of a car on a day. Not every accident was claimed, and not every workshop writes down."""

from __future__ import annotations

from datetime import date, timedelta

from chezhe.invented import fates
from chezhe.invented.cars import CarLife, Mishap
from chezhe.invented.months import later
from chezhe.risk.vendors.vehicle_registry.answers import Claim, History, MileageRecord, MortgageEntry, Title

_CLAIMED_RATES = {"minor": 0.75, "major": 0.88, "flood": 0.9, "fire": 0.95}
_WORKSHOPS = ("示例汽修一店", "示例汽修二店", "机动车检测站")


def title_of(life: CarLife, on: date, *, plate: str, owner_number: str, contradicts: bool = False) -> Title:
    """As registered. A wrong plate or owner is one in a hundred, unless the title is not clear."""
    mortgages: tuple[MortgageEntry, ...] = ()
    if life.mortgaged is not None and life.mortgaged[0] <= on:
        start, end = life.mortgaged
        mortgages = (MortgageEntry(mortgagee=life.mortgagee, from_on=start, released_on=end if end is not None and end <= on else None),)
    transfers = tuple(day for day in life.transfers if day <= on)
    return Title(
        as_of=on, brand=life.model.brand, model=life.model.name, energy=life.model.energy, usage=life.usage,  # type: ignore[arg-type]
        registered_on=life.registered_on, colour=life.colour, engine_no=life.engine_no,
        plate_matches=not life.chance.happens("wrong plate", 0.004) if plate else None,
        owner_matches=life.is_title_clear and not life.chance.happens("wrong owner", 0.006) if owner_number else None,
        status="normal" if life.is_title_clear else life.chance.pick("title", {"seized": 2, "locked": 3}),  # type: ignore[arg-type]
        transferred_on=(life.registered_on - timedelta(days=400), *transfers) if contradicts else transfers, mortgages=mortgages)


def history_of(life: CarLife, on: date, *, contradicts: bool = False) -> History:
    """Readings show what the odometer showed then: one turned back later contradicts them, as it should."""
    claims = [
        _claim(mishap) for at, mishap in enumerate(life.mishaps_on(on))
        if life.chance.happens(f"claimed {at}", _CLAIMED_RATES[mishap.kind])
    ]
    if contradicts:
        claims.append(Claim(on=on, kind="flood", severity="minor", paid_fen=8_000_000))
    return History(
        as_of=on, claims=tuple(claims), readings=_readings(life, on), insured_until=min(life.insured_until, later(on, 10)))


def _claim(mishap: Mishap) -> Claim:
    kind = {"flood": "flood", "fire": "fire"}.get(mishap.kind, "collision")
    return Claim(on=mishap.on, kind=kind, severity="minor" if mishap.kind == "minor" else "structure", paid_fen=mishap.claim_fen)  # type: ignore[arg-type]


def _readings(life: CarLife, on: date) -> tuple[MileageRecord, ...]:
    """About one a year, at the same days whoever asks."""
    found, number, draws = [], 0, life.chance.stream("readings")
    day = later(life.registered_on, 5)
    while day <= on:
        if draws.random() < 0.72 or life.fate.code == fates.ROLLED_BACK:
            found.append(MileageRecord(on=day, mileage_km=life.odometer_on(day), by=_WORKSHOPS[number % 3]))
        number += 1
        day = later(day, draws.randrange(6, 13))
    return tuple(found)
