"""Who takes the turns: this process alone, or a few helpers beside it, one for each core.

A helper is a copy of this process, made before anything was printed or asked of the database, with a connection of
its own: starting afresh would cost each of them two seconds of imports.
"""

from __future__ import annotations

import multiprocessing
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from multiprocessing import connection
from pathlib import Path
from typing import Any, Protocol

from django.db import connections
from django.urls import get_resolver

from chezhe.customers import search_keys
from chezhe.simulation import workplace
from chezhe.simulation.workplace import Workplace

HELPERS_MAX = 4


class HelperFailed(RuntimeError):
    """A bug showed itself in a helper; the message is its traceback."""


class Crew(Protocol):
    """`verb` names a method of Workplace."""

    size: int

    def each(self, verb: str, given: Sequence[Any]) -> list[Any]:
        """Let the method take each of these; the answers in their order."""

    def begin(self, verb: str, given: Sequence[Any]) -> Callable[[], list[Any]]:
        """`each`, while the caller goes on; what comes back waits for the answers. Nothing else is asked until then."""

    def everybody(self, verb: str, given: Any) -> None:
        """Let every workplace do this once."""

    def headquarters(self) -> AbstractContextManager[Workplace]:
        """A workplace in this very process, for what the worker does at night."""


class Alone:
    """One workplace in this process."""

    size = 1

    def __init__(self, workplace: Workplace) -> None:
        self.workplace = workplace

    def each(self, verb: str, given: Sequence[Any]) -> list[Any]:
        return [getattr(self.workplace, verb)(one) for one in given]

    def begin(self, verb: str, given: Sequence[Any]) -> Callable[[], list[Any]]:
        answers = self.each(verb, given)
        return lambda: answers

    def everybody(self, verb: str, given: Any) -> None:
        getattr(self.workplace, verb)(given)

    def headquarters(self) -> AbstractContextManager[Workplace]:
        return nullcontext(self.workplace)


class Helpers:
    """Several workplaces, each in a process of its own; whoever is free takes the next turn."""

    def __init__(self, pipes: list[connection.Connection], seed: int, memory: Path | None) -> None:
        self.pipes, self.size, self.seed, self.memory = pipes, len(pipes), seed, memory
        self.usher = ThreadPoolExecutor(1)

    def each(self, verb: str, given: Sequence[Any]) -> list[Any]:
        answers: list[Any] = [None] * len(given)
        waiting, busy = list(reversed(range(len(given)))), {}
        for pipe in self.pipes[: len(given)]:
            busy[pipe] = self._hand(pipe, verb, waiting.pop(), given)
        while busy:
            for pipe in connection.wait(list(busy)):
                answers[busy.pop(pipe)] = _answer(pipe)
                if waiting:
                    busy[pipe] = self._hand(pipe, verb, waiting.pop(), given)
        return answers

    def begin(self, verb: str, given: Sequence[Any]) -> Callable[[], list[Any]]:
        return self.usher.submit(self.each, verb, given).result

    def everybody(self, verb: str, given: Any) -> None:
        for pipe in self.pipes:
            pipe.send((verb, given))
        for pipe in self.pipes:
            _answer(pipe)

    def headquarters(self) -> AbstractContextManager[Workplace]:
        return workplace.opened(self.seed, self.memory)

    def _hand(self, pipe: connection.Connection, verb: str, place: int, given: Sequence[Any]) -> int:
        pipe.send((verb, given[place]))
        return place


@contextmanager
def alone(seed: int, memory: Path | None = None) -> Iterator[Crew]:
    """This process does everything: a story inside a test's transaction."""
    with workplace.opened(seed, memory) as place:
        yield Alone(place)


@contextmanager
def helped(seed: int, size: int, memory: Path | None = None) -> Iterator[Crew]:
    """`size` helpers, gone when the block ends; what the outside services remember of them is added to the folder `memory`."""
    connections.close_all()
    _read_what_all_need()
    copies = multiprocessing.get_context("fork")
    pipes: list[connection.Connection] = []
    processes = []
    for _ in range(min(size, HELPERS_MAX)):
        ours, theirs = copies.Pipe()
        process = copies.Process(target=_serve, args=(theirs, [*pipes, ours], seed, memory), daemon=True)
        process.start()
        theirs.close()
        pipes.append(ours)
        processes.append(process)
    try:
        yield Helpers(pipes, seed, memory)
    finally:
        for pipe in pipes:
            pipe.close()
        for process in processes:
            process.join(10)


def _read_what_all_need() -> None:
    """The addresses of every room and the readings of names take a process seconds: read before the copies are made, they come along."""
    assert get_resolver().url_patterns
    search_keys.pinyin("示例", is_person=False)


def _serve(pipe: connection.Connection, not_ours: list[connection.Connection], seed: int, memory: Path | None) -> None:
    """The life of a helper: take what is handed over until the other side is gone."""
    for other in not_ours:
        other.close()
    with workplace.opened(seed, memory) as place:
        while True:
            try:
                verb, given = pipe.recv()
            except (EOFError, ConnectionResetError):
                return
            try:
                pipe.send((True, getattr(place, verb)(given)))
            except Exception:
                pipe.send((False, traceback.format_exc()))


def _answer(pipe: connection.Connection) -> Any:
    try:
        is_well, said = pipe.recv()
    except EOFError:
        raise HelperFailed("a helper ended unexpectedly") from None
    if not is_well:
        raise HelperFailed(said)
    return said
