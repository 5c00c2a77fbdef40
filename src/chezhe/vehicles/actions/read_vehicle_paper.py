from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chezhe.documents.models import PaperReading
from chezhe.documents.reading import queries as readings
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.vehicles import permissions
from chezhe.vehicles.paper_values import values_of


@dataclass(frozen=True, slots=True)
class Told:
    """What a paper says of a car, field by field; `unsure` are those that a person has to hold against the paper."""

    reading: PaperReading
    values: dict[str, Any]
    unsure: tuple[str, ...]

    @property
    def subject(self) -> str:
        return self.reading.subject


@action(permissions.READ_PAPER)
def read_vehicle_paper(*, document_number: str, by: Actor) -> Told:
    """Begin the registration of a car with what was read of its licence or certificate; nothing is filed by it."""
    reading = readings.of_file(document_number, by)
    values, unsure = values_of(reading)
    return Told(reading, values, unsure)
