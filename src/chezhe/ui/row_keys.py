"""The rows that a page names by their ids: what no id can be is left out before the database is asked."""

from __future__ import annotations

from collections.abc import Iterable

_DIGITS_MAX = 18  # the largest id has nineteen


def read(texts: Iterable[str]) -> list[int]:
    """The ids among the texts."""
    return [int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) <= _DIGITS_MAX]
