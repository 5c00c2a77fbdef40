"""`{% load lists %}`: what the templates of a list need."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from chezhe.ui.markup import markup

register = template.Library()


@register.simple_tag
def to_list(url: str) -> SafeString:
    """The attributes of a link that shows this list in another way, without loading the page anew."""
    return markup('href="{0}" hx-get="{0}" hx-target="#list-body" hx-swap="outerHTML" hx-push-url="true"', url)
