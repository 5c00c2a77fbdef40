"""Who says what about a car: the register, the appraiser, the file and the papers, put beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from chezhe.risk.valuing import flags
from chezhe.risk.valuing.flags import Reading, Word
from chezhe.risk.valuing.told import Registered
from chezhe.vehicles import queries as vehicle_queries
from chezhe.vehicles.models import Vehicle

# What an appraiser can see with their own eyes.
SEEN = ("car_major_accident", "car_flood", "car_fire", "car_vin_match", "car_plate_match")
_MATCHES = {"vin": "car_vin_match", "plate": "car_plate_match"}


@dataclass(frozen=True, slots=True)
class Testimony:
    """Every word and every reading of the odometer; `failure` when the register did not answer."""

    words: tuple[Word, ...]
    readings: tuple[Reading, ...]
    failure: str = ""

    @property
    def transfers(self) -> int:
        """How often the car changed hands; never without a register's word."""
        found = flags.judge(self.words).get("car_transfers")
        return int(found.value) if found is not None and isinstance(found.value, int) else 0

    @property
    def as_json(self) -> dict[str, Any]:
        """For the valuation's own row, so that the page shows what was known then."""
        judged = flags.judge(self.words)
        return {
            "failure": self.failure,
            "points": [
                {"point": one.point, "value": one.value, "source": one.source, "is_contradicted": one.is_contradicted,
                 "others": [{"value": word.value, "source": word.source} for word in one.others]}
                for one in judged.values()
            ],
            "rollbacks": [
                {"before": one.earlier.mileage_km, "before_on": one.earlier.read_on.isoformat(), "before_source": one.earlier.source,
                 "after": one.later.mileage_km, "after_on": one.later.read_on.isoformat(), "after_source": one.later.source}
                for one in flags.rollbacks(self.readings)
            ],
        }


def heard(vehicle: Vehicle, registered: Registered, on: date) -> Testimony:
    """Everything said of the car up to a day."""
    words = [*registered.words, *_of_reports(vehicle, on), *_of_file(vehicle, on), *_of_papers(vehicle, on)]
    readings = [*registered.readings, *_read(vehicle, on)]
    return Testimony(tuple(words), tuple(readings), registered.failure)


def _of_reports(vehicle: Vehicle, on: date) -> Iterator[Word]:
    newest = vehicle.reports.filter(status="submitted", valued_on__lte=on).order_by("-valued_on", "-id").first()
    if newest is not None:
        for point in SEEN:
            if isinstance(newest.findings.get(point), bool):
                yield Word(point, newest.findings[point], "appraiser", newest.valued_on)
        if newest.mileage_km is not None:
            yield Word("car_mileage_km", newest.mileage_km, "appraiser", newest.valued_on)


def _of_file(vehicle: Vehicle, on: date) -> Iterator[Word]:
    yield Word("car_usage", vehicle.usage_nature, "file", vehicle.created_at.date())
    yield Word("car_energy", vehicle.energy_type, "file", vehicle.created_at.date())


def _of_papers(vehicle: Vehicle, on: date) -> Iterator[Word]:
    """A paper that names another VIN or plate than the file speaks against the car."""
    for kind in ("licence", "certificate"):
        paper = vehicle_queries.paper(vehicle, kind)
        if paper is None:
            continue
        differing = vehicle_queries.differing(vehicle, paper)
        for field, point in _MATCHES.items():
            if paper.content.get(field):
                yield Word(point, field not in differing, kind, paper.recorded_at.date())


def _read(vehicle: Vehicle, on: date) -> Iterator[Reading]:
    for report in vehicle.reports.filter(status="submitted", valued_on__lte=on, mileage_km__isnull=False):
        yield Reading(report.valued_on, report.mileage_km or 0, "appraiser")
    for valuation in vehicle.valuations.filter(valued_on__lte=on, mileage_km__isnull=False).exclude(source="in_house"):
        yield Reading(valuation.valued_on, valuation.mileage_km or 0, "file")
    if vehicle.mileage_km is not None and vehicle.condition == "used":
        yield Reading(vehicle.created_at.date(), vehicle.mileage_km, "file")
