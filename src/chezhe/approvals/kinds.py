"""What kinds of requests there are. Rooms register theirs at start-up; this room knows subjects only as text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from chezhe.kernel.actor import Actor

Settle = Callable[[str, str, Actor], object]


@dataclass(frozen=True, slots=True)
class Kind:
    """`url(subject)` is the page of what is approved. `is_decidable` allows voting in the generic inbox; other kinds
    are decided on their own page. `settle(subject, outcome, by)` runs in the transaction of the deciding vote."""

    code: str
    label: Any
    url: Callable[[str], str] | None = None
    is_decidable: bool = False
    settle: Settle | None = None


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Call it in `AppConfig.ready`; registering a code again replaces it."""
    KINDS[kind.code] = kind
    return kind


def find(code: str) -> Kind:
    """The kind, or a bare one when its room is not part of this installation."""
    return KINDS.get(code) or Kind(code, code)


def choices() -> list[tuple[str, Any]]:
    return [(kind.code, kind.label) for kind in KINDS.values()]


def place_of(number: str, code: str, subject: str) -> str:
    """Where a request is decided: on the page of its subject, or in the inbox."""
    elsewhere = "" if find(code).is_decidable else subject_url(code, subject)
    return elsewhere or reverse("approvals:request", args=[number])


def subject_url(code: str, subject: str) -> str:
    """The page of the subject; empty when it has none."""
    kind = find(code)
    return kind.url(subject) if kind.url else ""
