"""Object pages are composed by URL: a room offers a panel for a kind of subject, the page shows it as a tab."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from chezhe.ui import navigation


@dataclass(frozen=True, slots=True)
class Panel:
    """One tab: the address behind `url_name` answers `?subject=customer:C26-…` with a part of a page."""

    subject_kind: str
    key: str
    label: Any
    url_name: str
    permission: str | None = None
    order: int = 100


@dataclass(frozen=True, slots=True)
class Tab:
    """A panel with its address for one subject, ready for the template."""

    key: str
    label: Any
    url: str


_panels: dict[tuple[str, str], Panel] = {}


def register(
    subject_kind: str, key: str, label: Any, url_name: str, permission: str | None = None, order: int = 100
) -> Panel:
    """Offer a panel. Call it in `AppConfig.ready`; registering a key again replaces it."""
    panel = Panel(subject_kind, key, label, url_name, permission, order)
    _panels[subject_kind, key] = panel
    return panel


def tabs_for(subject: str, actor: navigation.CanDo | None, **parameters: str) -> list[Tab]:
    """The panels of the subject's kind that the actor may open, in order; `parameters` join each address."""
    kind = subject.partition(":")[0]
    mine = sorted((p for p in _panels.values() if p.subject_kind == kind), key=lambda p: (p.order, p.key))
    return [tab for panel in mine if (tab := _tab(panel, subject, actor, parameters))]


def _tab(panel: Panel, subject: str, actor: navigation.CanDo | None, parameters: dict[str, str]) -> Tab | None:
    if actor is None or (panel.permission and not actor.can(panel.permission)):
        return None
    url = navigation.url_or_none(panel.url_name)
    return Tab(panel.key, panel.label, f"{url}?{urlencode({'subject': subject, **parameters})}") if url else None


def broken() -> list[str]:
    """Registered panels whose address does not exist: a test keeps this empty."""
    return [panel.url_name for panel in _panels.values() if navigation.url_or_none(panel.url_name) is None]
