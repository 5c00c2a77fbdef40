"""待办: each room says what waits for an actor; the home page and the bell only add it up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chezhe.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do: what, where, since when, by when."""

    title: str
    url: str
    due_at: datetime | None = None
    detail: str = ""
    amount: Any = None


@dataclass(frozen=True, slots=True)
class Pile:
    """A kind of waiting work. `count(actor)` is cheap; `first(actor, n)` gives the most urgent ones."""

    key: str
    label: Any
    url_name: str
    permission: str
    count: Callable[[Actor], int]
    first: Callable[[Actor, int], list[Waiting]]
    icon: str = "inbox"
    order: int = 100


PILES: dict[str, Pile] = {}


def register(pile: Pile) -> None:
    """Called by a room's AppConfig.ready()."""
    PILES[pile.key] = pile


def piles_for(actor: Actor) -> list[Pile]:
    """The piles this actor may work on, in order."""
    return sorted((pile for pile in PILES.values() if actor.can(pile.permission)), key=lambda pile: pile.order)
