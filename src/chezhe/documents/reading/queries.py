"""What was read of the papers of a subject."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from chezhe.documents import queries
from chezhe.documents.models import StoredFile
from chezhe.documents.reading import catalogue, judging
from chezhe.documents.reading.models import PaperReading, ReadField
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Shown:
    """One field for a page: `value` hidden unless somebody has asked for it."""

    name: str
    label: Any
    value: str
    confidence_percent: int
    is_sure: bool
    fault: Any
    verdict: str


def of(subjects: Iterable[str]) -> QuerySet[PaperReading]:
    """The readings of the living files of these subjects, newest first. For code that has opened them."""
    rows = PaperReading.objects.filter(file__subject__in=list(subjects), file__removed_at__isnull=True)
    return rows.select_related("file").prefetch_related("read_fields").order_by("-id")


def of_file(document_number: str, actor: Actor) -> PaperReading:
    """The reading of one file, through its subject; raises NotFound (404) where nothing was asked."""
    file = queries.fetch(document_number, actor)
    reading = PaperReading.objects.select_related("file").prefetch_related("read_fields").filter(file=file).first()
    if reading is None:
        raise NotFound(what=document_number[:40])
    return reading


def shown(reading: PaperReading, *, in_full: bool = False) -> list[Shown]:
    """Its fields as they are shown."""
    return [_shown(reading, field, in_full) for field in reading.read_fields.all()]


def _shown(reading: PaperReading, field: ReadField, in_full: bool) -> Shown:
    kind = catalogue.FIELDS[reading.kind][field.name]
    value = field.value if in_full else judging.hidden(kind.judged_as, field.value)
    return Shown(
        field.name, kind.label, value, field.confidence_percent, field.is_sure, judging.fault(kind.judged_as, field.value), field.verdict)


def waiting(reading_id: int) -> PaperReading | None:
    """A reading whose answer is still to come; None when it has come, or its file is gone."""
    rows = PaperReading.objects.select_related("file").filter(pk=reading_id, status="waiting", file__removed_at__isnull=True)
    return rows.first()


def forgotten(before: datetime) -> list[int]:
    """Readings that wait since before a moment: their job was lost."""
    rows = PaperReading.objects.filter(status="waiting", asked_at__lt=before, file__removed_at__isnull=True)
    return list(rows.values_list("pk", flat=True)[:200])


def readings_by_file(files: Iterable[StoredFile]) -> dict[UUID, PaperReading]:
    """The readings of files that a page lists, by key; no file is asked for by itself."""
    found = PaperReading.objects.filter(file__in=list(files)).select_related("file").prefetch_related("read_fields")
    return {reading.file.key: reading for reading in found}
