"""Run by the worker: upkeep of the vault, and papers that are read by an outside service."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.storage import default_storage

from chezhe.documents import vault
from chezhe.documents.actions.record_reading import record_reading
from chezhe.documents.models import StoredFile
from chezhe.documents.reading import asking, steps
from chezhe.documents.reading import queries as readings
from chezhe.kernel import clock, jobs
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.jobs import job

_YOUNG = timedelta(days=1)  # no upload takes longer: what is older and has no row belongs to nobody

# A reading that waits for longer has lost its job.
_FORGOTTEN_AFTER = timedelta(minutes=15)


@job(steps.JOB, queue="sources")
def read_paper(reading_id: int) -> None:
    """Have one picture read and record what came of it; a reading that is over stays as it is."""
    reading = readings.waiting(reading_id)
    if reading is not None:
        record_reading(reading_id=reading_id, answer=asking.answer_about(reading), by=SYSTEM)


@job("documents.read_forgotten", queue="upkeep", every=timedelta(minutes=15))
def read_forgotten() -> int:
    """The net under the job above; returns how many were taken up."""
    lost = readings.forgotten(clock.now() - _FORGOTTEN_AFTER)
    for reading_id in lost:
        jobs.enqueue(steps.JOB, reading_id=reading_id)
    return len(lost)


@job("documents.sweep_vault", queue="upkeep", every=timedelta(hours=6))
def sweep_vault() -> int:
    """Erase bytes whose row was rolled back; returns how many."""
    erased = 0
    for folder in _folders():
        keys = [key for name in default_storage.listdir(folder)[1] if (key := _key(name))]
        known = set(StoredFile.objects.filter(key__in=keys).values_list("key", flat=True))
        for key in set(keys) - known:
            if _is_old(key):
                vault.erase(key)
                erased += 1
    return erased


def _folders() -> list[str]:
    try:
        return [name for name in default_storage.listdir("")[0] if len(name) == 2]
    except FileNotFoundError:
        return []


def _key(name: str) -> UUID | None:
    try:
        return UUID(hex=name)
    except ValueError:
        return None


def _is_old(key: UUID) -> bool:
    written: datetime = default_storage.get_modified_time(vault.path_of(key))
    return clock.now() - written > _YOUNG
