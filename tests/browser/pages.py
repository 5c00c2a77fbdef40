"""Every page of the house: from the addresses that need nothing, along their links, once for every view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

from django.test import Client
from django.urls import NoReverseMatch, Resolver404, URLPattern, URLResolver, get_resolver, resolve, reverse

from chezhe.approvals.models import ApprovalRequest
from chezhe.ui import panels

# Nothing to look at: machines read them, opening them is an act, or they are there only for whoever came by a link of their own.
NOT_PAGES = ("contracts:guest", "kernel:", "staff:sign_out", "staff:demo_bar", "api", "set_language")
SILENT = {"script", "style", "template"}
SPOKEN = ("placeholder", "title", "aria-label", "alt", "label", "data-label")


@dataclass
class Reading(HTMLParser):
    """What a page says and where it leads."""

    texts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self._silent += tag in SILENT
        self.texts += [value for name in SPOKEN if (value := said.get(name))]
        self.links += [link for name in ("href", "hx-get") if (link := said.get(name)) and link.startswith(("/", "?"))]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.texts.append(data.strip())


@dataclass(frozen=True)
class Page:
    """One view with an address at which it answered; `is_whole` is a page, the others are parts of pages."""

    name: str
    url: str
    is_whole: bool
    texts: list[str]
    links: list[str]


def gather(client: Client) -> tuple[list[Page], list[str]]:
    """Every view that answers with HTML, and what is wrong on the way: links that lead nowhere, pages that fail.

    A part of a page asks for its subject: without one it may refuse, if it is found with one elsewhere.
    """
    found: dict[str, Page] = {}
    wrong: list[tuple[str, str]] = []
    waiting = [(url, "the list of addresses") for url in addresses()] + [(url, "an approval") for url in deciding_parts()]
    while waiting:
        url, place = waiting.pop(0)
        key = _key(url)
        if key is None:
            wrong.append((url, f"{url} on {place} leads nowhere"))
        elif key not in found and not key.startswith(NOT_PAGES):
            page = _open(client, key, url, place, wrong)
            found[key] = page or Page(key, url, False, [], [])
            waiting += [(urljoin(url, link), url) for link in found[key].links]
    parts = {key.partition(" of ")[0] for key in found if " of " in key}
    wrong = [fault for key, fault in wrong if key not in parts]
    return [page for page in found.values() if page.texts], wrong


def addresses() -> Iterator[str]:
    """Every address of the URLconf without a parameter."""
    yield from (reverse(name) for name in _names(get_resolver()) if not name.startswith(NOT_PAGES))


class _Omnipotent:
    """Somebody who may open every panel."""

    def can(self, _permission: str) -> bool:
        return True


def deciding_parts() -> Iterator[str]:
    """Of every kind of subject that people vote on, what shows them what agreeing would do: of all approvals the walk opens one."""
    subjects = {about.partition(":")[0]: about for about in ApprovalRequest.objects.order_by("id").values_list("subject_text", flat=True)}
    yield from (tab.url for subject in subjects.values() if (tab := panels.deciding_for(subject, _Omnipotent())))


def _names(resolver: URLResolver, space: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _names(pattern, inner)
        elif isinstance(pattern, URLPattern) and pattern.name and not pattern.pattern.regex.groups:
            name = f"{space}{pattern.name}"
            try:
                reverse(name)
            except NoReverseMatch:
                continue
            yield name


def _key(url: str) -> str | None:
    """The view behind an address, and the kind of subject where it is a panel; None for no view at all."""
    parts = urlsplit(url)
    if parts.path.startswith("/static/"):
        return "kernel:static"
    try:
        name = resolve(parts.path).view_name
    except Resolver404:
        return None
    subject = parse_qs(parts.query).get("subject", [""])[0].partition(":")[0]
    return f"{name} of {subject}" if subject else name


def _open(client: Client, key: str, url: str, place: str, wrong: list[tuple[str, str]]) -> Page | None:
    answer: Any = client.get(url)
    if answer.status_code >= 400 and answer.status_code != 405:
        wrong.append((key, f"{url} on {place}: {answer.status_code}"))
    if answer.status_code != 200 or not answer.get("Content-Type", "").startswith("text/html"):
        return None
    text = answer.content.decode()
    reading = read(text)
    return Page(key, url, "<!doctype html>" in text[:200], reading.texts, reading.links)


def read(html: str) -> Reading:
    reading = Reading()
    reading.feed(html)
    return reading


@dataclass
class Menu(HTMLParser):
    """The rail of a page: its words and its addresses."""

    words: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._is_rail = self._is_link = False

    @classmethod
    def of(cls, html: str) -> Menu:
        menu = cls()
        menu.feed(html)
        return menu

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "nav":
            self._is_rail = said.get("id") == "rail"
        self._is_link = self._is_link or (tag == "a" and self._is_rail)
        if tag == "a" and self._is_rail:
            self.urls.append(said.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        self._is_rail = self._is_rail and tag != "nav"
        self._is_link = self._is_link and tag != "a"

    def handle_data(self, data: str) -> None:
        if self._is_link and data.strip():
            self.words.append(data.strip())
