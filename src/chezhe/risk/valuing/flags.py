"""What makes a car a risk: what several sources say of it, side by side, and where they contradict each other. Pure.

A `Word` is what one source says of one point on one day. A point is true when somebody trustworthy says so: for damage one source is
enough, since nobody invents a flood. What nobody says is unknown and stays away from the facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

# One source that says it is enough; the others may not have looked.
DAMAGE = ("car_major_accident", "car_flood", "car_fire", "car_mortgaged_elsewhere")
# Every source must agree.
CLEAN = ("car_title_clear", "car_vin_match", "car_plate_match", "car_insured")
# The latest word counts.
STATES = ("car_usage", "car_energy", "car_transfers", "car_mileage_km")
POINTS = (*DAMAGE, *CLEAN, *STATES)
# Odometers are read to the nearest thousand by hand.
READING_SLACK_KM = 500
REFUSING = ("car_major_accident", "car_flood", "car_fire")


@dataclass(frozen=True, slots=True)
class Word:
    """What `source` says of `point` as of a day."""

    point: str
    value: object
    source: str
    said_on: date


@dataclass(frozen=True, slots=True)
class Reading:
    """The odometer on one day."""

    read_on: date
    mileage_km: int
    source: str


@dataclass(frozen=True, slots=True)
class Judged:
    """The value that counts, who says so, and everybody who says something else."""

    point: str
    value: object
    source: str
    others: tuple[Word, ...] = ()

    @property
    def is_contradicted(self) -> bool:
        return any(word.value != self.value for word in self.others)


@dataclass(frozen=True, slots=True)
class Rollback:
    """Two readings that cannot both be true: the later one is smaller."""

    earlier: Reading
    later: Reading

    @property
    def lost_km(self) -> int:
        return self.earlier.mileage_km - self.later.mileage_km


def judge(words: Iterable[Word]) -> dict[str, Judged]:
    """Each point that somebody spoke of. Raises ValueError for a point that nobody knows."""
    by_point: dict[str, list[Word]] = {}
    for word in words:
        if word.point not in POINTS:
            raise ValueError(f"unknown point: {word.point}")
        by_point.setdefault(word.point, []).append(word)
    return {point: _judged(point, said) for point, said in by_point.items()}


def _judged(point: str, said: Sequence[Word]) -> Judged:
    if point in DAMAGE:
        winner = next((word for word in said if word.value is True), said[0])
    elif point in CLEAN:
        winner = next((word for word in said if word.value is False), said[0])
    else:
        winner = max(said, key=lambda word: word.said_on)
    return Judged(point, winner.value, winner.source, tuple(word for word in said if word is not winner))


def rollbacks(readings: Iterable[Reading]) -> list[Rollback]:
    """Every reading that is smaller than one before it by more than slack; the largest before it is named."""
    found, highest = [], None
    for reading in sorted(readings, key=lambda one: (one.read_on, -one.mileage_km)):
        if highest is not None and reading.mileage_km < highest.mileage_km - READING_SLACK_KM and reading.read_on > highest.read_on:
            found.append(Rollback(highest, reading))
        if highest is None or reading.mileage_km > highest.mileage_km:
            highest = reading
    return found


def months_to_scrap(*, usage: str, age_months: int, life_months: Mapping[str, int]) -> int | None:
    """Months until the car must be scrapped; None when its use has no such limit (机动车强制报废标准规定)."""
    life = life_months.get(usage)
    return None if life is None else max(0, life - age_months)
