"""What the home page, the task list and the search answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chezhe.customers.values import Hit
from chezhe.kernel.actor import Actor
from chezhe.kernel.worklist import Waiting
from chezhe.ui.parts import Sla, span


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind, best first."""

    key: str
    label: Any
    icon: str
    hits: list[Hit]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found; `misread` is a number of ours whose check digit does not fit, else empty."""

    text: str
    groups: list[Group]
    misread: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One waiting thing at the moment `at` the page was made; `verb` is what to do with it."""

    waiting: Waiting
    at: datetime
    kind: Any = ""
    verb: Any = ""

    @property
    def is_late(self) -> bool:
        return self.waiting.due_at is not None and self.waiting.due_at < self.at

    @property
    def sla(self) -> Sla | None:
        """Time left of the time given; None without a time limit. Without a beginning only the end is known."""
        due_at, since_at = self.waiting.due_at, self.waiting.since_at
        if due_at is None:
            return None
        return Sla(due_at - self.at, due_at - since_at if since_at and since_at < due_at else abs(due_at - self.at))

    @property
    def age(self) -> str:
        """How long it has waited; empty when nobody knows since when."""
        return span(self.at - self.waiting.since_at) if self.waiting.since_at else ""


@dataclass(frozen=True, slots=True)
class Card:
    """A pile of waiting work: how many, how many of them too late, the most urgent ones, and where all of them are."""

    key: str
    label: Any
    verb: Any
    icon: str
    count: int
    late: int
    url: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class TaskList:
    """Everything that waits for a person, across rooms: `total` of all piles, `hidden` of them beyond what is listed."""

    cards: list[Card]
    lines: list[Line]
    total: int
    late: int
    hidden: int


@dataclass(frozen=True, slots=True)
class ToCount:
    """A subscribed view that waits for its count: the list's address and query, and whose rights count; None when it is not open
    to the person any more."""

    subscription_id: int
    path: str
    query: str
    actor: Actor | None
