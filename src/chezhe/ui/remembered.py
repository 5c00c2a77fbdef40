"""Parts of a page that come out the same for the same values: drawn once a process, then remembered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from secrets import token_hex
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

MOST = 3000
_drawn: dict[tuple[Any, ...], SafeString] = {}
# What stands in a remembered part where every page says something else; nobody outside can know it.
HOLES = {name: f"hole-{name}-{token_hex(16)}" for name in ("token", "path", "address", "help")}


def drawn(template: str, values: Mapping[str, Any]) -> SafeString:
    """`template` with these values and nothing else: no request, no person. Values are hashable; lists become tuples."""
    fixed = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    return kept((template, *fixed.items()), lambda: render_to_string(template, fixed))


def kept(key: tuple[Any, ...], draw: Callable[[], SafeString]) -> SafeString:
    """What `draw` gives in the language of now; `key` holds everything else that it depends on."""
    key = (get_language(), *key)
    found = _drawn.get(key)
    if found is None:
        if len(_drawn) >= MOST:
            _drawn.clear()
        found = _drawn[key] = draw()
    return found


def filled(part: SafeString, said: Mapping[str, str]) -> SafeString:
    """A remembered part with its `HOLES` filled by what this page says, escaped."""
    text = str(part)
    for name, words in said.items():
        text = text.replace(HOLES[name], escape(words))
    return mark_safe(text)  # noqa: S308 - drawn by a template, and what is filled in is escaped
