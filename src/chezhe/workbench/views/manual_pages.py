"""The manual: as pages, and as the part that opens beside the page it explains."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from chezhe.identifiers.text import clean
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import NotFound
from chezhe.ui.navigation import GROUPS
from chezhe.workbench import manual

WORDS_MAX = 40


@require_GET
@needs(None)
def help_for(request: HttpRequest) -> HttpResponse:
    """The page that explains `?for=` (the name of a page of ours); without it where one begins."""
    return _show(request, manual.page_for(request.GET.get("for", ""), _language()))


@require_GET
@needs(None)
def help_page(request: HttpRequest, key: str) -> HttpResponse:
    """One page of the manual."""
    found = manual.pages(_language()).get(key)
    if found is None:
        raise NotFound(what=key)
    return _show(request, found)


def _show(request: HttpRequest, page: manual.Page) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return render(request, "workbench/help_part.html", {"page": page})
    words = clean(request.GET.get("q", ""))[:WORDS_MAX]
    listed = [one for one in manual.pages(_language()).values() if one.mentions(words)]
    groups = [(label, icon, [one for one in listed if one.group == key]) for key, (label, icon) in GROUPS.items()]
    context = {"page": page, "groups": [group for group in groups if group[2]], "words": words, "is_start": page.key == manual.START}
    return render(request, "workbench/help.html", context)


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh-hans"
