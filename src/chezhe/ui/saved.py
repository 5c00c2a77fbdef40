"""Saved views: a list with its filters, columns and sorting under a name. The room that keeps them registers here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode

# What belongs to one look at a list, not to a view of it: what was searched for is often a person.
PASSING = ("q", "page", "view", "export", "rows")


@dataclass(frozen=True, slots=True)
class SavedView:
    """`query` is what the address held; `role` also sees it (`shared_with` in words), empty when nobody does."""

    key: str
    name: str
    query: str
    is_mine: bool = True
    is_default: bool = False
    role: str = ""
    shared_with: Any = ""

    def url(self, path: str) -> str:
        """The list as this view shows it; the address says which view that is."""
        return f"{path}?{self.query}&view={self.key}" if self.query else f"{path}?view={self.key}"


class Shelf(Protocol):
    """Whoever keeps the views."""

    def views_of(self, actor: Any, list_key: str) -> Sequence[SavedView]:
        """The actor's own and those shared with one of the actor's roles, in the order of the menu."""

    def roles_for(self, actor: Any) -> list[tuple[str, Any]]:
        """The roles with which the actor may share a view; empty for who may not share."""


_shelves: list[Shelf] = []


def register(shelf: Shelf) -> None:
    """Called by the keeping room's AppConfig.ready()."""
    _shelves[:] = [shelf]


def views_of(actor: Any, list_key: str) -> Sequence[SavedView]:
    """Nothing for whoever is nobody, or when no room keeps views."""
    if not _shelves or actor is None or getattr(actor, "user_id", None) is None:
        return ()
    return _shelves[0].views_of(actor, list_key)


def lasting(query: str) -> str:
    """A query without what belongs to one look only, in a fixed order, so that two of them can be compared."""
    pairs = [(name, value) for name, value in parse_qsl(query) if name not in PASSING]
    return urlencode(sorted(pairs))


def roles_for(actor: Any) -> list[tuple[str, Any]]:
    """The roles this actor may share a view with."""
    return _shelves[0].roles_for(actor) if _shelves and actor is not None else []
