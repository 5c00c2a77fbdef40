"""Object pages are composed by URL: a room offers a panel for a kind of subject, the page shows it as a tab;
and a next step that begins with that subject, which the page shows as a button."""

from __future__ import annotations

from collections.abc import Callable
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


@dataclass(frozen=True, slots=True)
class Offer:
    """One next step: the address behind `url_name`, with the subject's number as `parameter` or, without one, in its path.

    `fits(number, actor)` says whether it is time for it.
    """

    subject_kind: str
    label: Any
    url_name: str
    permission: str
    icon: str
    parameter: str = ""
    fits: Callable[[str, Any], bool] | None = None
    order: int = 100


# The panel that shows what agreeing to something would do; an approval shows it above the vote.
DECIDING = "deciding"

_panels: dict[tuple[str, str], Panel] = {}
_offers: dict[tuple[str, str], Offer] = {}


def register(
    subject_kind: str, key: str, label: Any, url_name: str, permission: str | None = None, order: int = 100
) -> Panel:
    """Offer a panel. Call it in `AppConfig.ready`. Raises ValueError when another panel of this kind has the key: it would be gone."""
    panel = Panel(subject_kind, key, label, url_name, permission, order)
    if _panels.setdefault((subject_kind, key), panel).url_name != url_name:
        raise ValueError(f"two panels of {subject_kind} called {key}")
    _panels[subject_kind, key] = panel
    return panel


def tabs_for(subject: str, actor: navigation.CanDo | None, **parameters: str) -> list[Tab]:
    """The panels of the subject's kind that the actor may open, in order; `parameters` join each address."""
    kind = subject.partition(":")[0]
    mine = sorted((p for p in _panels.values() if p.subject_kind == kind), key=lambda p: (p.order, p.key))
    return [tab for panel in mine if (tab := _tab(panel, subject, actor, parameters))]


def deciding_for(subject: str, actor: navigation.CanDo | None) -> Tab | None:
    """The panel that shows what agreeing to the subject would do, if its room offers one that the actor may open."""
    return next((tab for tab in tabs_for(subject, actor) if tab.key == DECIDING), None)


def offer(made: Offer) -> None:
    """Offer a next step. Call it in `AppConfig.ready`; the same address again replaces it."""
    _offers[made.subject_kind, made.url_name] = made


def offers_for(subject: str, actor: navigation.CanDo | None) -> list[navigation.Link]:
    """The next steps that the actor may take from this subject now, in order."""
    kind, _colon, number = subject.partition(":")
    mine = sorted((o for o in _offers.values() if o.subject_kind == kind), key=lambda o: (o.order, o.url_name))
    return [link for made in mine if (link := _offered(made, number, actor))]


def _offered(made: Offer, number: str, actor: navigation.CanDo | None) -> navigation.Link | None:
    if actor is None or not actor.can(made.permission) or (made.fits and not made.fits(number, actor)):
        return None
    url = navigation.url_or_none(made.url_name, *([] if made.parameter else [number]))
    if url is None:
        return None
    return navigation.Link(made.url_name, made.label, f"{url}?{made.parameter}={number}" if made.parameter else url, made.icon)


def _tab(panel: Panel, subject: str, actor: navigation.CanDo | None, parameters: dict[str, str]) -> Tab | None:
    if actor is None or (panel.permission and not actor.can(panel.permission)):
        return None
    url = navigation.url_or_none(panel.url_name)
    return Tab(panel.key, panel.label, f"{url}?{urlencode({'subject': subject, **parameters})}") if url else None


def broken() -> list[str]:
    """Registered panels whose address does not exist: a test keeps this empty."""
    offered = [(made.url_name, [] if made.parameter else ["X"]) for made in _offers.values()]
    wanted = [*((panel.url_name, []) for panel in _panels.values()), *offered]
    return [name for name, arguments in wanted if navigation.url_or_none(name, *arguments) is None]
