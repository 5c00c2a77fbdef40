"""Every read field of an application's papers with what is on file, and what may be done about it. Reads, never writes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects

from chezhe.documents.models import PaperReading, ReadField
from chezhe.documents.reading import judging
from chezhe.documents.reading import queries as readings
from chezhe.identifiers.text import clean_code
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.origination.matching import errors, targets
from chezhe.origination.matching.targets import Target
from chezhe.origination.models import Application

AGREES, EMPTY, DIFFERS, ALONE = "agrees", "empty", "differs", "alone"


@dataclass(frozen=True, slots=True)
class Match:
    """One field. `state` is agrees, empty (nothing on file yet), differs, or alone (nothing to hold it against); `seen` marks what is on
    file now, so that whoever judges judges that."""

    field: ReadField
    label: Any
    value: str
    standing: str
    state: str
    fault: Any
    target: Target | None
    seen: str

    @property
    def may_take(self) -> bool:
        """Whether it can be written from this paper: it fits its own rules, and something else, or nothing, stands there."""
        return self.state in (EMPTY, DIFFERS) and self.target is not None and not self.target.is_checked_only and not self.fault

    @property
    def is_open(self) -> bool:
        """Whether somebody has to judge it: paper and file differ, and nobody has said which is right."""
        return self.state == DIFFERS and not self.field.verdict


@dataclass(frozen=True, slots=True)
class Summary:
    """One paper, and how its fields stand."""

    reading: PaperReading
    agreeing: int
    missing: int
    conflicts: int
    unsure: int


def places_of(application: Application) -> list[str]:
    """Where the papers of an application lie: its own, those of its people and of its cars."""
    prefetch_related_objects([application], "parties__customer", "customer__accounts", "further_vehicles__vehicle__owner")
    people = [application.customer, *(party.customer for party in application.parties.all())]
    cars = [application.vehicle, *(row.vehicle for row in application.further_vehicles.all())]
    return [application.subject, *(person.subject for person in people), *(car.subject for car in cars if car is not None)]


def readings_of(application: Application) -> list[PaperReading]:
    """Every paper of the application that was, or is being, read; newest first."""
    return list(readings.of(places_of(application)))


def summaries(application: Application) -> list[Summary]:
    """How each paper stands."""
    return [_summary(reading, matches(application, reading)) for reading in readings_of(application)]


def _summary(reading: PaperReading, found: Sequence[Match]) -> Summary:
    states = Counter(match.state for match in found)
    return Summary(
        reading, states[AGREES], sum(match.state == EMPTY and match.may_take for match in found), sum(match.is_open for match in found),
        sum(not match.field.is_sure and match.state != AGREES for match in found),
    )


def reading_of(application: Application, document_number: str, by: Actor) -> PaperReading:
    """One paper of the application. Raises NotFound (404) for one of somebody else, PaperNotRead (409) for one that was not read."""
    reading = readings.of_file(document_number, by)
    if reading.file.subject not in places_of(application):
        raise NotFound(what=document_number[:40])
    if reading.status != "read":
        raise errors.PaperNotRead()
    return reading


def matches(application: Application, reading: PaperReading) -> list[Match]:
    """Its fields, each beside what is on file."""
    return [match(application, reading, field) for field in reading.read_fields.all()]


def match(application: Application, reading: PaperReading, field: ReadField) -> Match:
    """One of them."""
    kind = readings.catalogue.FIELDS[reading.kind][field.name]
    target = targets.target_of(application, reading, field.name, field.value)
    standing = target.standing if target else ""
    state = ALONE if target is None else EMPTY if not standing else AGREES if _same(standing, field.value) else DIFFERS
    return Match(
        field, kind.label, field.value, standing, state, judging.fault(kind.judged_as, field.value), target, mark_of(standing))


def _same(one: str, other: str) -> bool:
    return clean_code(one) == clean_code(other)


def mark_of(standing: str) -> str:
    """A short mark of what stands there."""
    return hashlib.sha256(standing.encode()).hexdigest()[:16]
