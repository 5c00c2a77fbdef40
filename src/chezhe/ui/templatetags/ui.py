"""`{% load ui %}`: formats, icons and the small machinery of forms."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import template
from django.template.base import Node, Parser, Token
from django.utils.html import format_html
from django.utils.safestring import SafeString

from chezhe.ui import formats, navigation
from chezhe.ui.icons import icon_html
from chezhe.ui.remembered import drawn
from chezhe.ui.status import Status, status_html

register = template.Library()

register.filter("money", formats.money)
register.filter("yuan", formats.yuan)
register.filter("money_html", formats.money_html)
register.filter("rate", formats.rate)
register.filter("day", formats.day)
register.filter("moment", formats.moment)
register.filter("number", formats.number)


@register.filter
def status_tag(value: Any) -> SafeString:
    """`{{ loan_status|status_tag }}` for a `chezhe.ui.status.Status` (or plain words)."""
    return status_html(value)


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """`{% icon "car" %}`; give a label only when the icon stands alone."""
    return icon_html(name, label, css)


@register.simple_tag
def tag(label: Any, tone: str = "neutral", icon: str = "") -> SafeString:
    """`{% tag "逾期" "danger" %}`: a status tag from plain values."""
    return status_html(label if isinstance(label, Status) else Status(label, tone or "neutral", icon or ""))


@register.simple_tag
def remembered(template_name: str, **values: Any) -> SafeString:
    """`{% remembered "ui/list/role_choice.html" roles=list.roles %}`: an include that sees these values only, drawn once for them."""
    return drawn(template_name, values)


@register.simple_tag
def once_token() -> SafeString:
    """A hidden `_once`: the same form sent twice is carried out once (the kernel's middleware reads it)."""
    return format_html('<input type="hidden" name="_once" value="{}">', uuid4())


@register.simple_tag
def url_if(name: str, *args: Any) -> str:
    """The address, or empty when the page is not part of this installation."""
    return navigation.url_or_none(name, *args) or ""


@register.simple_tag
def widget(field: Any) -> SafeString:
    """The input of a bound field, dressed and tied to its hint and error for screen readers."""
    from chezhe.ui.forms import dressed

    return dressed(field)


@register.simple_tag(takes_context=True)
def query(context: Any, **changes: Any) -> str:
    """This page's query with some parameters replaced; None or empty removes one."""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            params.pop(name, None)
        else:
            params[name] = str(value)
    return f"?{params.urlencode()}"


@register.filter
def lookup(mapping: Any, key: Any) -> Any:
    """`mapping|lookup:key`, None when it is not there."""
    return mapping.get(key) if mapping else None


class _CapturedNode(Node):
    def __init__(self, nodelist: Any, name: str) -> None:
        self.nodelist, self.name = nodelist, name

    def render(self, context: Any) -> str:
        context[self.name] = self.nodelist.render(context)
        return ""


@register.tag
def capture(parser: Parser, token: Token) -> Node:
    """`{% capture as name %}…{% endcapture %}`: keep a rendered piece for an attribute."""
    bits = token.split_contents()
    if len(bits) != 3 or bits[1] != "as":
        raise template.TemplateSyntaxError("write {% capture as name %}")
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return _CapturedNode(nodelist, bits[2])
