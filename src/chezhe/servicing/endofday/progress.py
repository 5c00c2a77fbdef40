"""How far the close of a day is, from facts that are kept anyway: by loans, without the time in which it was paused, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max

from chezhe.kernel import clock, jobs
from chezhe.kernel.models import StatusMove
from chezhe.servicing import reminding
from chezhe.servicing.endofday import faults, proving, runs
from chezhe.servicing.models import EndOfDay, EndOfDayFault

# A run without a job in the queue and without a new mark for so long has lost whoever was at it.
SILENT_AFTER = timedelta(minutes=1)
OPENED, SHARDS, INTEREST, SNAPSHOT, REMINDERS, PROOF = "opened", "shards", "interest", "snapshot", "reminders", "proof"
DONE, RUNNING, WAITING, PAUSED, FAILED, LEFT_OUT = "done", "running", "waiting", "paused", "failed", "left_out"


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of loans, shards and failures; `seconds` spent working, `per_second` loans in each of them, `seconds_left` when that
    can be told. `loans` may stay below `expected`: money taken meanwhile brings loans along before their shard does."""

    expected: int
    loans: int
    one_by_one: int
    failures: int
    shards: int
    shards_done: int
    seconds: float
    seconds_left: float | None

    @property
    def is_whole(self) -> bool:
        return self.shards_done == self.shards

    @property
    def total(self) -> int:
        """What is counted on the way: loans, or shards on a night on which none is expected."""
        return self.expected or self.shards

    @property
    def done(self) -> int:
        if self.is_whole:
            return self.total
        return min(self.loans, self.expected) if self.expected else self.shards_done

    @property
    def per_second(self) -> int:
        return round(self.loans / self.seconds) if self.seconds >= 1 else self.loans


@dataclass(frozen=True, slots=True)
class Step:
    """One of the things a close does, its state, when it came to that, and one figure about it."""

    name: str
    state: str
    at: datetime | None = None
    figure: int | None = None


def of(run: EndOfDay, totals: dict[str, Any] | None = None) -> Progress:
    """Where the run stands now, or stood at its end."""
    told = totals or runs.totals(run)
    seconds = seconds_of([run])[run.pk]
    expected, loans = run.loans_expected, told["loans"]
    part = loans / expected if expected and loans else told["shards_done"] / told["shards"] if told["shards"] else 1
    left = None if run.status == "closed" or not 0 < part <= 1 else seconds / part - seconds
    if told["shards_done"] == told["shards"]:
        left = None
    return Progress(
        expected=expected, loans=loans, one_by_one=told["one_by_one"], failures=told["failures"], shards=told["shards"],
        shards_done=told["shards_done"], seconds=seconds, seconds_left=left,
    )


def seconds_of(several: Sequence[EndOfDay]) -> dict[int, float]:
    """By run id: from its beginning to its end, or till now, less the time in which somebody had paused it."""
    moves: dict[str, list[StatusMove]] = {}
    for move in StatusMove.objects.filter(subject__in=[run.subject for run in several], verb__in=("pause", "resume")).order_by("id"):
        moves.setdefault(move.subject, []).append(move)
    return {run.pk: _working_seconds(run, moves.get(run.subject, [])) for run in several}


def _working_seconds(run: EndOfDay, moves: Sequence[StatusMove]) -> float:
    end, paused, since = run.finished_at or clock.now(), timedelta(), None
    for move in moves:
        if move.verb == "pause":
            since = move.moved_at
        elif since is not None:
            paused, since = paused + (move.moved_at - since), None
    if since is not None:
        paused += end - since
    return max(timedelta(), end - run.started_at - paused).total_seconds()


def is_silent(run: EndOfDay) -> bool:
    """Whether nobody seems to be at a run that should be moving."""
    if run.status != "running" or jobs.waiting("servicing.close_shard", "servicing.finish_day", day=run.day.isoformat()):
        return False
    marked = run.done.aggregate(last=Max("started_at"))["last"]
    return clock.now() - max(run.started_at, marked or run.started_at) > SILENT_AFTER


def steps_of(run: EndOfDay, progress: Progress, kept: Sequence[EndOfDayFault], night: proving.Night) -> list[Step]:
    """The six things a close does, in their order, from the faults that are `kept` of it and what its night proved."""
    waiting = jobs.waiting("servicing.keep_snapshot", "servicing.prove_night", day=run.day.isoformat())
    standing = {fault.part: fault for fault in kept}
    return [
        Step(OPENED, DONE, run.started_at),
        _shards(run, progress, standing.get(faults.SHARD)),
        _interest(run, progress, standing.get(faults.FINISH)),
        _later(SNAPSHOT, run, run.snapshot_at, standing.get(faults.SNAPSHOT), is_asked="servicing.keep_snapshot" in waiting),
        _reminders(run),
        _proof(run, night, is_asked="servicing.prove_night" in waiting),
    ]


def _shards(run: EndOfDay, progress: Progress, fault: EndOfDayFault | None) -> Step:
    if progress.is_whole:
        ended = max((mark.started_at + timedelta(milliseconds=int(mark.seconds * 1000)) for mark in run.done.all()), default=run.started_at)
        return Step(SHARDS, DONE, ended, progress.loans)
    if fault is not None:
        return Step(SHARDS, FAILED, fault.failed_at, progress.loans)
    return Step(SHARDS, PAUSED if run.status == "paused" else RUNNING, None, progress.loans)


def _interest(run: EndOfDay, progress: Progress, fault: EndOfDayFault | None) -> Step:
    if run.status == "closed":
        return Step(INTEREST, DONE, run.finished_at, run.accruals)
    if fault is not None and progress.is_whole:
        return Step(INTEREST, FAILED, fault.failed_at)
    return Step(INTEREST, RUNNING if progress.is_whole and run.status == "running" else WAITING)


def _later(name: str, run: EndOfDay, done_at: datetime | None, fault: EndOfDayFault | None, *, is_asked: bool) -> Step:
    """Work that waits for the close and is then asked of the worker; a house closed all at once asks for none."""
    if done_at is not None:
        return Step(name, DONE, done_at)
    if fault is not None:
        return Step(name, FAILED, fault.failed_at)
    return Step(name, WAITING if is_asked or run.status != "closed" else LEFT_OUT)


def _reminders(run: EndOfDay) -> Step:
    following = run.day + timedelta(days=1)
    if run.reminded_at is not None:
        return Step(REMINDERS, DONE, run.reminded_at)
    return Step(REMINDERS, WAITING if following >= clock.today() and reminding.are_wanted(following) else LEFT_OUT)


def _proof(run: EndOfDay, night: proving.Night, *, is_asked: bool) -> Step:
    if not night.parts:
        return Step(PROOF, WAITING if is_asked or run.status != "closed" else LEFT_OUT)
    state = FAILED if night.differing else DONE if night.is_whole else RUNNING
    return Step(PROOF, state, night.proved_at, night.differing or night.checked)
