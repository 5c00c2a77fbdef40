"""Parts of a page that come out the same for the same values: drawn once a process, then remembered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

MOST = 500
_drawn: dict[tuple[Any, ...], SafeString] = {}


def drawn(template: str, values: Mapping[str, Any]) -> SafeString:
    """`template` with these values and nothing else: no request, no person. Values are hashable; lists become tuples."""
    fixed = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    key = (template, get_language(), *fixed.items())
    found = _drawn.get(key)
    if found is None:
        if len(_drawn) >= MOST:
            _drawn.clear()
        found = _drawn[key] = render_to_string(template, fixed)
    return found
