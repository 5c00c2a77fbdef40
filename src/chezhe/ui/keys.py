"""Single keys (UX.md §5): what each does, and which letter does it until a person chooses another (web/src/keys.ts)."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, slots=True)
class Binding:
    """`id` is what the browser remembers; `follows` names the key that has to be pressed before."""

    id: str
    key: str
    label: Any
    follows: str = ""


PLACES = (
    ("w", _("工作台")), ("a", pgettext_lazy("list", "审批")), ("l", _("贷款")), ("c", _("催收")), ("t", _("待办")),
)
_ROWS = (
    Binding("down", "j", _("下一行")), Binding("up", "k", _("上一行")), Binding("select", "x", _("选择这一行")),
    Binding("open", "Enter", _("打开这一行")), Binding("act-a", "a", _("同意")), Binding("act-r", "r", _("退回")),
    Binding("act-x", "x", _("拒绝这一笔")), Binding("act-t", "t", _("转审")), Binding("act-u", "u", _("撤销意见")),
    Binding("help", "?", _("本页说明")),
)


def bindings(places: Container[str]) -> list[Binding]:
    """The keys of a house that has these places."""
    go = Binding("go", "g", _("前往……"))
    return [go, *(Binding(f"go-{key}", key, label, "go") for key, label in PLACES if key in places), *_ROWS]
