"""The worker's doors: the trial, the chunks, the end."""

from __future__ import annotations

from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.jobs import job
from chezhe.takeover import trying
from chezhe.takeover.actions.finish_book import finish_book as finish
from chezhe.takeover.actions.take_chunk import take_chunk as take
from chezhe.takeover.actions.try_book import try_book as keep_trial
from chezhe.takeover.models import Takeover


@job("takeover.try_book", queue="end_of_day")
def try_book(number: str) -> None:
    """A trial, read outside any transaction; one that is over stays as it is."""
    book = Takeover.objects.get(number=number)
    if book.status == "trying":
        keep_trial(takeover_number=number, trial=trying.read(book), by=SYSTEM)


@job("takeover.take_chunk", queue="end_of_day")
def take_chunk(number: str, attempt: int, chunk: int) -> None:
    """One chunk, once: whatever the queue repeats."""
    take(takeover_number=number, attempt=attempt, chunk=chunk, by=SYSTEM)


@job("takeover.finish_book", queue="end_of_day")
def finish_book(number: str) -> None:
    """After each chunk: the last one finds the takeover complete."""
    finish(takeover_number=number, by=SYSTEM)
