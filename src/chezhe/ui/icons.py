"""Icons: one sprite built from the Tabler icons that the code names (web/build.mjs finds them)."""

from __future__ import annotations

from functools import lru_cache

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

SPRITE = "build/icons.svg"


def icon_html(name: str, label: str = "", css: str = "") -> SafeString:
    """An `<svg>` of the sprite: silent for screen readers unless it has a `label` of its own."""
    return _drawn(name, str(label), css)


@lru_cache(maxsize=1024)
def _drawn(name: str, label: str, css: str) -> SafeString:
    """A page shows sixty of them, most of them the same few."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="icon {}" {} focusable="false"><use href="{}#{}"></use></svg>', css, spoken, static(SPRITE), name)
