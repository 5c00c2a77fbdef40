"""Status tags: six colours, always with an icon and words, never colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from chezhe.ui.icons import icon_html
from chezhe.ui.markup import markup

# The palette of UX.md §8. The key says what the status means for the reader, not which colour it has.
PALETTE: dict[str, str] = {
    "neutral": "circle",
    "info": "info-circle",
    "progress": "progress",
    "good": "circle-check",
    "warning": "alert-triangle",
    "danger": "alert-octagon",
}


@dataclass(frozen=True, slots=True)
class Status:
    """What a tag shows: `tone` is a key of PALETTE; `icon` replaces the tone's own icon."""

    label: Any
    tone: str = "neutral"
    icon: str = ""

    def __post_init__(self) -> None:
        if self.tone not in PALETTE:
            raise ValueError(f"unknown tone {self.tone!r}; known: {', '.join(PALETTE)}")


StatusMap = Mapping[Any, Status]


def status_html(status: Status | Any) -> SafeString:
    """The tag itself. Plain text becomes a neutral tag."""
    if not isinstance(status, Status):
        status = Status(status)
    icon = icon_html(status.icon or PALETTE[status.tone])
    return markup('<span class="tag tag-{}">{}{}</span>', status.tone, icon, status.label)
