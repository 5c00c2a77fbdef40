"""待办: each room says what waits for an actor; the home page, the task list and the bell only add it up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chezhe.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do: what, where, by when, since when."""

    title: str
    url: str
    due_at: datetime | None = None
    detail: str = ""
    amount: Any = None
    since_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pile:
    """A kind of waiting work. `count(actor)` is cheap; `first(actor, n)` gives the most urgent ones.

    `verb` is what to do with one of them, as a button says it. `query` narrows the list behind `url_name` to this pile.
    `roles` name whose work it is where more people may look than should act; empty for everybody with the permission.
    `late(actor, at)` counts what should have been done before `at`; None for work without a time limit.
    """

    key: str
    label: Any
    url_name: str
    permission: str
    count: Callable[[Actor], int]
    first: Callable[[Actor, int], list[Waiting]]
    icon: str = "inbox"
    order: int = 100
    verb: Any = ""
    query: str = ""
    roles: tuple[str, ...] = ()
    late: Callable[[Actor, datetime], int] | None = None

    def is_work_of(self, actor: Actor) -> bool:
        return actor.can(self.permission) and (not self.roles or bool(actor.roles & set(self.roles)))


PILES: dict[str, Pile] = {}


def register(pile: Pile) -> None:
    """Called by a room's AppConfig.ready()."""
    PILES[pile.key] = pile


def piles_for(actor: Actor) -> list[Pile]:
    """The piles this actor may work on, in order."""
    return sorted((pile for pile in PILES.values() if pile.is_work_of(actor)), key=lambda pile: (pile.order, pile.key))
