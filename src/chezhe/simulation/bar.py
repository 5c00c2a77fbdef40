"""A progress bar, and how many helpers this machine can use."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chezhe.simulation.crew import HELPERS_MAX

WIDTH, LINES = 24, 10


def show(stream: Any, done: int, all_of_it: int, words: str) -> None:
    """Draw over the line before; `stream` is a command's output. A file gets ten lines instead."""
    filled = WIDTH * done // all_of_it
    bar = f"{'█' * filled}{'·' * (WIDTH - filled)} {words}"
    if stream.isatty():
        stream.write(f"\r{bar}", ending="")
    elif LINES * done // all_of_it > LINES * (done - 1) // all_of_it:
        stream.write(bar)
    stream.flush()


@contextmanager
def nothing_else() -> Iterator[None]:
    """A bank that is silent for a while is part of the story: its log lines would only tear the bar."""
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def size_of(asked: int | None) -> int:
    """As many helpers as were asked for, else one a core; on a single core this process does it alone."""
    cores = len(os.sched_getaffinity(0))
    return asked if asked is not None else (min(cores, HELPERS_MAX) if cores > 1 else 0)
