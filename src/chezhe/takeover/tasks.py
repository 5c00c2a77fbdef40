"""The worker's doors: the trial, the chunks, the end."""

from __future__ import annotations

from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.jobs import job
from chezhe.takeover.actions.finish_book import finish_book as finish
from chezhe.takeover.actions.take_chunk import take_chunk as take
from chezhe.takeover.actions.try_book import try_book as try_out


@job("takeover.try_book", queue="end_of_day")
def try_book(number: str) -> None:
    """A trial; one that is over stays as it is."""
    try_out(takeover_number=number, by=SYSTEM)


@job("takeover.take_chunk", queue="end_of_day")
def take_chunk(number: str, attempt: int, chunk: int) -> None:
    """One chunk, once: whatever the queue repeats."""
    take(takeover_number=number, attempt=attempt, chunk=chunk, by=SYSTEM)


@job("takeover.finish_book", queue="end_of_day")
def finish_book(number: str) -> None:
    """After each chunk: the last one finds the takeover complete."""
    finish(takeover_number=number, by=SYSTEM)
