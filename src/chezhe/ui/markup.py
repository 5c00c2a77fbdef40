"""Pieces of HTML that a page draws by the hundred."""

from __future__ import annotations

import html
from typing import Any

from django.utils.safestring import SafeString


def escaped(value: Any) -> str:
    """As Django's `conditional_escape`, for a value that is wanted now: what is marked as safe stays, all else is escaped."""
    return str(value.__html__()) if hasattr(value, "__html__") else html.escape(str(value))


def markup(template: str, *values: Any) -> SafeString:
    """As Django's `format_html` with every value `escaped`, at a quarter of its price."""
    return SafeString(template.format(*map(escaped, values)))
