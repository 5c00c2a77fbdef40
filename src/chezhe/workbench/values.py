"""What the home page and the search answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chezhe.customers.values import Hit
from chezhe.kernel.worklist import Waiting


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
    """One waiting thing; `is_late` at the moment the page was made."""

    waiting: Waiting
    is_late: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A pile of waiting work: how many, the most urgent ones, and where all of them are."""

    key: str
    label: Any
    icon: str
    count: int
    url: str
    lines: list[Line]
    made_at: datetime
