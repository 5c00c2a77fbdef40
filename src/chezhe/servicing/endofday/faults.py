"""What stops a whole part of a close: written down beside the transaction that is undone, so that people see why nothing moves."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from django.db import DatabaseError, transaction
from django.db.models import F

from chezhe.kernel import clock
from chezhe.servicing.models import EndOfDay, EndOfDayFault, EndOfDayShard

SHARD, FINISH, SNAPSHOT = "shard", "finish", "snapshot"
LOG = logging.getLogger(__name__)


@contextmanager
def noted(day: date, part: str, shard: int | None = None) -> Iterator[None]:
    """Whatever the work inside raises is kept as the part's last fault and goes on to who tries again."""
    try:
        yield
    except Exception as fault:
        try:
            _note(day, part, shard, fault)
        except DatabaseError:  # no database to write to: the fault itself says so, and must not be hidden by a second one
            LOG.exception("the fault of %s of %s could not be kept", part, day)
        raise


def _note(day: date, part: str, shard: int | None, fault: Exception) -> None:
    run = EndOfDay.objects.filter(day=day).first()
    if run is None:
        return
    said = {"code": getattr(fault, "code", type(fault).__name__)[:60], "reason": (str(fault) or type(fault).__name__)[:500]}
    with transaction.atomic():
        kept, _ = EndOfDayFault.objects.get_or_create(run=run, part=part, shard=shard, defaults={**said, "failed_at": clock.now()})
        EndOfDayFault.objects.filter(pk=kept.pk).update(**said, failed_at=clock.now(), attempts=F("attempts") + 1)


def standing_of(run: EndOfDay) -> list[EndOfDayFault]:
    """The faults of parts that are not done yet, in the order of the work."""
    return standing_of_all([run]).get(run.pk, [])


def standing_of_all(several: Sequence[EndOfDay]) -> dict[int, list[EndOfDayFault]]:
    """`standing_of` by run id, for the runs that have any; two questions, one when there never was a fault."""
    by_id = {run.pk: run for run in several}
    kept = list(EndOfDayFault.objects.filter(run__in=several).order_by("part", "shard"))
    marked = set(EndOfDayShard.objects.filter(run__in={fault.run_id for fault in kept}).values_list("run", "shard")) if kept else set()
    found: dict[int, list[EndOfDayFault]] = {}
    for fault in kept:
        run = by_id[fault.run_id]
        is_done = {
            SHARD: (run.pk, fault.shard) in marked, FINISH: run.status == "closed", SNAPSHOT: run.snapshot_at is not None,
        }[fault.part]
        if not is_done:
            found.setdefault(run.pk, []).append(fault)
    return found
