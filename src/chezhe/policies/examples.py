"""Cases to try a table with: the rooms above that keep decided cases offer the recent ones here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chezhe.kernel.actor import Actor

RECENT_MAX = 20


@dataclass(frozen=True, slots=True)
class Example:
    """A case by its key and a label without personal data. `tell` gives its facts by code, once somebody chooses it."""

    key: str
    label: str
    tell: Callable[[], Mapping[str, Any]]

    @property
    def facts(self) -> Mapping[str, Any]:
        """The facts by code."""
        return self.tell()


Source = Callable[[str, Actor, int], Sequence[Example]]
_sources: dict[str, Source] = {}


def register(key: str, source: Source) -> None:
    """`source(policy_code, actor, most)` gives recent cases this actor may see, newest first. Call it in `AppConfig.ready`."""
    _sources[key] = source


def recent(policy_code: str, by: Actor) -> list[Example]:
    """The cases on offer for a table."""
    return [example for source in _sources.values() for example in source(policy_code, by, RECENT_MAX)]


def find(offered: Sequence[Example], key: str) -> Example | None:
    """The one that was chosen."""
    return next((example for example in offered if key and example.key == key), None)
