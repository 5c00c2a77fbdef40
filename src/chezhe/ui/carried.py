"""What somebody typed into the search and did not find goes along to the form that creates it: by POST, never in an address."""

from __future__ import annotations

from django.http import HttpRequest

from chezhe.identifiers.text import clean

FIELD = "_typed"
TEXT_MAX = 80


def typed(request: HttpRequest) -> str:
    """The text that came along instead of a filled-in form; empty for a form that was filled in."""
    return clean(request.POST.get(FIELD, ""))[:TEXT_MAX] if request.method == "POST" else ""
