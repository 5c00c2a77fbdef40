"""The bundled manual: short pages in both languages beside this file, written in a small part of Markdown.

A page begins with `# title`, then `covers:` (names of pages, or of a whole room), `group:` (a group of the rail) and
`order:`. Text knows `## heading`, `- item`, `1. item`, `**strong**`, `` `code` ``, `[[key]]` and `[words](room:page)`.
Everything is escaped; a link leads to a page of ours by its name or stays plain words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from django.urls import NoReverseMatch, reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

FOLDER = Path(__file__).parent / "help"
LANGUAGES = ("zh-hans", "en")
START = "workbench"
_INLINE = re.compile(r"\*\*(?P<strong>[^*]+)\*\*|`(?P<code>[^`]+)`|\[\[(?P<key>[^\]]+)\]\]|\[(?P<words>[^\]]+)\]\((?P<place>[a-z_:]+)\)")
_ITEM = re.compile(r"(?:- |\d+\. )(.*)")


@dataclass(frozen=True, slots=True)
class Page:
    """One page in one language; `covers` are the names of the pages (or rooms) that it explains."""

    key: str
    title: str
    covers: tuple[str, ...]
    group: str
    order: int
    text: str

    @property
    def html(self) -> SafeString:
        return format_html_join("\n", "{}", ((block,) for block in _blocks(self.text)))

    @property
    def links(self) -> list[str]:
        """The names of the pages that it leads to."""
        return [match["place"] for match in _INLINE.finditer(self.text) if match["place"]]

    def mentions(self, words: str) -> bool:
        return words.casefold() in f"{self.title}\n{self.text}".casefold()


@cache
def pages(language: str) -> dict[str, Page]:
    """Every page of a language by its key, in reading order."""
    folder = FOLDER / (language if language in LANGUAGES else LANGUAGES[0])
    read = [_read(path) for path in folder.glob("*.md")]
    return {page.key: page for page in sorted(read, key=lambda page: (page.order, page.key))}


def page_for(view_name: str, language: str) -> Page:
    """The page that explains a page of ours: its own, else its room's, else where one begins."""
    found = pages(language)
    for name in (view_name, view_name.partition(":")[0]):
        for page in found.values():
            if name in page.covers:
                return page
    return found[START]


def is_covered(view_name: str, language: str) -> bool:
    """Whether some page explains this one, rather than the page where one begins."""
    return any({view_name, view_name.partition(":")[0]} & set(page.covers) for page in pages(language).values())


def _read(path: Path) -> Page:
    head, _, text = path.read_text(encoding="utf-8").partition("\n\n")
    title, *facts = head.splitlines()
    said = {name.strip(): value.strip() for name, _, value in (fact.partition(":") for fact in facts)}
    return Page(
        path.stem, title.removeprefix("# ").strip(), tuple(said.get("covers", "").split()), said.get("group", START),
        int(said.get("order", "100")), text.strip(),
    )


def _blocks(text: str) -> Iterator[SafeString]:
    for paragraph in re.split(r"\n{2,}", text):
        for kind, grouped in groupby(paragraph.splitlines(), _kind):
            lines = list(grouped)
            if kind == "h2":
                yield from (format_html("<h3>{}</h3>", _inline(line.removeprefix("## "))) for line in lines)
            elif kind == "p":
                yield format_html("<p>{}</p>", _inline(" ".join(lines)))
            else:
                items = format_html_join("", "<li>{}</li>", ((_inline(_ITEM.sub(r"\1", line)),) for line in lines))
                yield format_html("<{0}>{1}</{0}>", kind, items)


def _kind(line: str) -> str:
    if line.startswith("## "):
        return "h2"
    if line.startswith("- "):
        return "ul"
    return "ol" if _ITEM.match(line) else "p"


def _inline(text: str) -> SafeString:
    made, done = [], 0
    for match in _INLINE.finditer(text):
        made += [conditional_escape(text[done : match.start()]), _dressed(match)]
        done = match.end()
    made.append(conditional_escape(text[done:]))
    return format_html_join("", "{}", ((piece,) for piece in made))


def _dressed(match: re.Match[str]) -> SafeString:
    if match["strong"]:
        return format_html("<strong>{}</strong>", match["strong"])
    if match["code"]:
        return format_html('<span class="code">{}</span>', match["code"])
    if match["key"]:
        return format_html("<kbd>{}</kbd>", match["key"])
    try:
        return format_html('<a href="{}">{}</a>', reverse(match["place"]), match["words"])
    except NoReverseMatch:
        return format_html("{}", match["words"])
