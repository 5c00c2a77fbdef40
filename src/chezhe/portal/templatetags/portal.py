"""Addresses inside the portal that the page belongs to."""

from __future__ import annotations

from typing import Any

from django import template

from chezhe.kernel import handles
from chezhe.portal.places import Place
from chezhe.staff.rules import device_of

register = template.Library()
register.filter("device", device_of)
register.filter("handle", handles.handle_of)


@register.filter
def document_handle(key: Any) -> str:
    """The handle of a stored file, by its key."""
    return handles.handle_of(f"document:{key}")


@register.simple_tag(takes_context=True)
def portal_url(context: Any, name: str, *parts: str) -> str:
    """`{% portal_url "home" %}`: this portal's page of that name."""
    return str(context["request"].portal.url(name, *parts))


@register.simple_tag(takes_context=True)
def portal_bar(context: Any) -> list[tuple[Place, str, bool]]:
    """The lines of the bar at the bottom."""
    request = context["request"]
    lines: list[tuple[Place, str, bool]] = request.portal.lines(request.path)
    return lines
