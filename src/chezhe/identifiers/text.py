"""Cleaning what people paste: full-width characters, blanks, invisible marks. Nothing here judges."""

from __future__ import annotations

import unicodedata

FULL_WIDTH_FIRST = 0xFF01
FULL_WIDTH_LAST = 0xFF5E
FULL_WIDTH_SHIFT = 0xFEE0
SEPARATORS = " -·.•・‐‑‒–—"


def to_half_width(text: str) -> str:
    """Turn full-width ASCII (１Ａ（) and the ideographic space into their half-width forms; leave the rest."""
    return "".join(_half_width(character) for character in text)


def clean(text: str) -> str:
    """Half-width, without invisible marks (zero width, BOM, controls), outer blanks gone, inner blanks single."""
    visible = "".join(c if not unicodedata.category(c).startswith("C") else " " * (c in "\t\r\n") for c in text)
    return " ".join(to_half_width(visible).split())


def clean_code(text: str) -> str:
    """Clean, upper case, and without the separators people type inside numbers (blank, hyphen, dot)."""
    cleaned = clean(text).translate({ord(separator): None for separator in SEPARATORS})
    return cleaned.upper()


def is_digits(text: str) -> bool:
    """True for one or more ASCII digits. `str.isdigit` also accepts ² and Arabic-Indic digits."""
    return text.isascii() and text.isdigit()


def _half_width(character: str) -> str:
    point = ord(character)
    if FULL_WIDTH_FIRST <= point <= FULL_WIDTH_LAST:
        return chr(point - FULL_WIDTH_SHIFT)
    return " " if character == "\u3000" else character
