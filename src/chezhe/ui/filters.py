"""Filters of a list page. Each reads its own parameters, checks them, and narrows the queryset by fields that
the programmer named: nothing a visitor types ever becomes a lookup (CVE-2025-64459)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.identifiers.text import clean
from chezhe.ui import formats

TEXT_MAX = 80


class FilterError(ValueError):
    """A sentence for the person, beside the filter."""


@dataclass(frozen=True, slots=True)
class Input:
    """One control of the filter bar, as the template draws it."""

    name: str
    label: Any
    kind: str  # text | date | choice | segments | number
    value: str = ""
    choices: tuple[tuple[str, Any], ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """`name` is the URL parameter, `field` the model lookup it narrows (default: the same name)."""

    name: str
    label: Any
    field: str = ""

    @property
    def lookup(self) -> str:
        return self.field or self.name

    @property
    def parameters(self) -> tuple[str, ...]:
        return (self.name,)

    def read(self, params: Mapping[str, str]) -> Any:
        """The checked value; None when the filter is off. Raises FilterError."""
        raise NotImplementedError

    def apply(self, queryset: QuerySet[Any], value: Any, actor: Any) -> QuerySet[Any]:
        raise NotImplementedError

    def chip(self, value: Any) -> str:
        """The value in words, for the chip."""
        return str(value)

    def inputs(self, params: Mapping[str, str], error: str, actor: Any) -> list[Input]:
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFilter(Filter):
    """Contains (default), starts with, or equals: `match` is `icontains`, `istartswith` or `exact`."""

    match: str = "icontains"

    def read(self, params: Mapping[str, str]) -> str | None:
        text = clean(params.get(self.name, ""))
        if len(text) > TEXT_MAX:
            raise FilterError(_("最多输入 %(max)s 个字。") % {"max": TEXT_MAX})
        return text or None

    def apply(self, queryset: QuerySet[Any], value: Any, actor: Any) -> QuerySet[Any]:
        return queryset.filter(Q((f"{self.lookup}__{self.match}", value)))

    def inputs(self, params: Mapping[str, str], error: str, actor: Any) -> list[Input]:
        return [Input(self.name, self.label, "text", params.get(self.name, ""), error=error)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceFilter(Filter):
    """One of `choices`: pairs of value and label, or a callable that returns them."""

    choices: Iterable[tuple[Any, Any]] | Callable[[], Iterable[tuple[Any, Any]]] = ()

    def options(self) -> tuple[tuple[str, Any], ...]:
        pairs = self.choices() if callable(self.choices) else self.choices
        return tuple((str(value), label) for value, label in pairs)

    def read(self, params: Mapping[str, str]) -> str | None:
        chosen = params.get(self.name, "")
        if chosen and chosen not in dict(self.options()):
            raise FilterError(_("没有这个选项，请重新选择。"))
        return chosen or None

    def apply(self, queryset: QuerySet[Any], value: Any, actor: Any) -> QuerySet[Any]:
        return queryset.filter(Q((self.lookup, value)))

    def chip(self, value: Any) -> str:
        return str(dict(self.options())[value])

    def inputs(self, params: Mapping[str, str], error: str, actor: Any) -> list[Input]:
        return [Input(self.name, self.label, "choice", params.get(self.name, ""), self.options(), error)]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomFilter(ChoiceFilter):
    """Choices that are more than one field: `narrow(queryset, value)` returns the narrowed queryset."""

    narrow: Callable[[QuerySet[Any], str], QuerySet[Any]]

    def apply(self, queryset: QuerySet[Any], value: Any, actor: Any) -> QuerySet[Any]:
        return self.narrow(queryset, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRangeFilter(Filter):
    """Two days, both included: `<name>_from` and `<name>_to`. `moments` for a field that ends in `_at`."""

    moments: bool = False

    @property
    def parameters(self) -> tuple[str, ...]:
        return (f"{self.name}_from", f"{self.name}_to")

    def read(self, params: Mapping[str, str]) -> tuple[date | None, date | None] | None:
        first, last = (self._day(params.get(name, "")) for name in self.parameters)
        if first and last and first > last:
            raise FilterError(_("开始日期不能晚于结束日期。"))
        return (first, last) if first or last else None

    def _day(self, text: str) -> date | None:
        text = clean(text)
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise FilterError(_("日期应写成 2026-11-23 的样子，且须真实存在。")) from None

    def apply(self, queryset: QuerySet[Any], value: Any, actor: Any) -> QuerySet[Any]:
        first, last = value
        part = "__date" if self.moments else ""
        if first:
            queryset = queryset.filter(Q((f"{self.lookup}{part}__gte", first)))
        if last:
            queryset = queryset.filter(Q((f"{self.lookup}{part}__lte", last)))
        return queryset

    def chip(self, value: Any) -> str:
        first, last = value
        return f"{formats.day(first) if first else '…'} ～ {formats.day(last) if last else '…'}"

    def inputs(self, params: Mapping[str, str], error: str, actor: Any) -> list[Input]:
        start, end = self.parameters
        return [
            Input(start, self.label, "date", params.get(start, ""), error=error),
            Input(end, gettext_lazy("至"), "date", params.get(end, "")),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeFilter(Filter):
    """我的 / 本店 / 本区 / 全部: narrows further inside what `visible_to(actor)` already allows.

    `owner` and `branch` are the lookups of the row's owner id and branch id. Only steps within the actor's
    reach are offered; asking for a wider one is refused.
    """

    name: str = "scope"
    label: Any = gettext_lazy("范围")
    owner: str = "owner_id"
    branch: str = "branch_id"

    def options(self, actor: Any) -> tuple[tuple[str, Any], ...]:
        reach = str(getattr(actor, "reach", "none"))
        wide = {"branch": 2, "region": 3, "all": 4}.get(reach, 1)
        steps = (("own", _("我的")), ("branch", _("本店")), ("region", _("本区")), ("all", _("全部")))
        if wide == 4:
            steps = (steps[0], steps[1], steps[3])
        return steps[: wide if wide < 4 else 3]

    def read(self, params: Mapping[str, str]) -> str | None:
        chosen = params.get(self.name, "")
        if chosen and chosen not in ("own", "branch", "region", "all"):
            raise FilterError(_("没有这个选项，请重新选择。"))
        return chosen or None

    def apply(self, queryset: QuerySet[Any], value: Any, actor: Any) -> QuerySet[Any]:
        if value not in dict(self.options(actor)):
            raise FilterError(_("您的数据范围不包括“%(scope)s”。") % {"scope": self.chip(value)})
        if value == "own":
            return queryset.filter(Q((f"{self.owner}__in", list(actor.user_ids))))
        if value == "branch" and actor.branch_id is not None:
            return queryset.filter(Q((self.branch, actor.branch_id)))
        return queryset

    def chip(self, value: Any) -> str:
        return {"own": _("我的"), "branch": _("本店"), "region": _("本区"), "all": _("全部")}[value]

    def inputs(self, params: Mapping[str, str], error: str, actor: Any) -> list[Input]:
        options = self.options(actor)
        return [Input(self.name, self.label, "segments", params.get(self.name, ""), options, error)] if len(options) > 1 else []
