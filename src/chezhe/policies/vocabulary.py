"""Which facts a table may ask about besides those its contract names: the rooms above that know facts offer them here."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from chezhe.policies.rules import Offered

_sources: dict[str, Callable[[], Iterable[Offered]]] = {}


def register(key: str, source: Callable[[], Iterable[Offered]]) -> None:
    """Offer facts as columns. Call it in `AppConfig.ready`; registering a key again replaces it."""
    _sources[key] = source


def offered() -> list[Offered]:
    """Everything on offer, in the order of registration."""
    return [column for source in _sources.values() for column in source()]
