"""List pages, declared: columns, filters, search, sorting, paging, sums and exports, all in the URL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from chezhe.identifiers.text import clean
from chezhe.kernel import audit, clock
from chezhe.ui import exports, formats
from chezhe.ui.columns import Column
from chezhe.ui.filters import (
    ChoiceFilter,
    CustomFilter,
    DateRangeFilter,
    Filter,
    FilterError,
    Input,
    ScopeFilter,
    TextFilter,
)

__all__ = ["ChoiceFilter", "Column", "CustomFilter", "DateRangeFilter", "Filter", "ListPage", "ScopeFilter", "TextFilter"]

PAGE_SIZES = (20, 50, 100)
EXPORT_ROWS_MAX = 20_000
SEARCH_MAX = 80


@dataclass(frozen=True, slots=True)
class Heading:
    """A column head: `url` sorts, `direction` is `asc`, `desc` or empty."""

    column: Column
    url: str
    direction: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on: `url` is this page without it."""

    label: str
    text: str
    url: str


@dataclass(kw_only=True)
class ListPage:
    """A list page. Give it a queryset that is already `visible_to(actor)`.

    `search` is a tuple of lookups joined by OR (`("number__icontains", "customer__name__icontains")`) or a
    callable `(queryset, text) -> queryset`. `default_sort` is a column key, with `-` for descending.
    `actions` are (label, url, icon) buttons in the header. `respond(request)` answers page, htmx part or file.
    `exportable` False leaves the files out.
    """

    title: Any
    queryset: QuerySet[Any]
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    search: Sequence[str] | Callable[[QuerySet[Any], str], QuerySet[Any]] = ()
    search_hint: Any = ""
    default_sort: str = ""
    subtitle: Any = ""
    actions: Sequence[tuple[Any, str, str]] = ()
    breadcrumbs: Sequence[tuple[Any, str]] = ()
    empty_title: Any = ""
    empty_hint: Any = ""
    file_name: str = "list"
    exportable: bool = True
    page_size: int = 20
    template: str = "ui/list.html"
    extra: dict[str, Any] = field(default_factory=dict)

    def respond(self, request: HttpRequest, **context: Any) -> HttpResponse:
        """The whole answer to a GET: the page, its body for htmx, or the file that `?export=` asks for."""
        view = ListView(self, request)
        wanted = request.GET.get("export", "")
        if wanted in ("csv", "xlsx") and self.exportable:
            return view.export(wanted)
        is_part = request.headers.get("HX-Target") == "list-body"
        template = "ui/list_body.html" if is_part else self.template
        status = 422 if view.errors and not is_part else 200
        return render(request, template, {"list": view, **self.extra, **context}, status=status)


class ListView:
    """One request's view of a ListPage; the templates read it."""

    def __init__(self, page: ListPage, request: HttpRequest) -> None:
        self.declared, self.request = page, request
        self.actor = getattr(request, "actor", None)
        self.params = {name: request.GET.get(name, "") for name in self._known_parameters()}
        self.errors: dict[str, str] = {}
        self.values: list[tuple[Filter, Any]] = []
        self.queryset = self._narrowed()

    def _known_parameters(self) -> list[str]:
        named = [p for f in self.declared.filters for p in f.parameters]
        return [*named, "q", "sort", "page", "size"]

    def _narrowed(self) -> QuerySet[Any]:
        queryset = self.declared.queryset
        for one in self.declared.filters:
            try:
                value = one.read(self.params)
                if value is not None:
                    queryset = one.apply(queryset, value, self.actor)
                    self.values.append((one, value))
            except FilterError as refusal:
                self.errors[one.name] = str(refusal)
        queryset = self._searched(queryset)
        # A filter that could not be understood shows nothing rather than everything.
        return queryset.none() if self.errors else queryset.order_by(*self._ordering())

    @property
    def is_searchable(self) -> bool:
        """Asked by the template, which would call a `search` that is a function."""
        return bool(self.declared.search)

    @cached_property
    def search_text(self) -> str:
        return clean(self.params["q"])[:SEARCH_MAX]

    def _searched(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        how = self.declared.search
        if not self.search_text or not how:
            return queryset
        if callable(how):
            return how(queryset, self.search_text)
        matching = Q()
        for name in how:
            matching |= Q((name, self.search_text))
        return queryset.filter(matching)

    @cached_property
    def sort(self) -> str:
        """The column key in force, with `-` for descending: from the URL if it is on the list, else the default."""
        wanted = self.params["sort"]
        allowed = {c.key for c in self.declared.columns if c.sortable}
        return wanted if wanted.removeprefix("-") in allowed else self.declared.default_sort

    def _ordering(self) -> list[str]:
        if not self.sort:
            return ["-pk"]
        key = self.sort.removeprefix("-")
        fields = {c.key: c.sort_field for c in self.declared.columns}
        sign = "-" if self.sort.startswith("-") else ""
        return [sign + fields.get(key, key), sign + "pk"]

    # What the template shows ------------------------------------------------------------------------------

    @cached_property
    def size(self) -> int:
        wanted = self.params["size"]
        return int(wanted) if wanted in map(str, PAGE_SIZES) else self.declared.page_size

    @cached_property
    def page(self) -> Page[Any]:
        return Paginator(self.queryset, self.size).get_page(self.params["page"] or 1)

    @cached_property
    def total(self) -> int:
        return self.page.paginator.count

    @cached_property
    def rows(self) -> list[list[tuple[Column, Any]]]:
        return [[(column, column.html(row)) for column in self.declared.columns] for row in self.page]

    @cached_property
    def headings(self) -> list[Heading]:
        return [self._heading(column) for column in self.declared.columns]

    def _heading(self, column: Column) -> Heading:
        if not column.sortable:
            return Heading(column, "", "")
        is_current = self.sort.removeprefix("-") == column.key
        direction = ("desc" if self.sort.startswith("-") else "asc") if is_current else ""
        target = f"-{column.key}" if direction == "asc" else column.key
        return Heading(column, self.url(sort=target, page=""), direction)

    @cached_property
    def sums(self) -> list[tuple[Column, Any]] | None:
        """The foot: sums over everything the filter finds, not only this page; None when nothing is summed."""
        summed = [c for c in self.declared.columns if c.is_summed]
        if not summed or not self.total:
            return None
        wanted = {f"sum_{i}": Sum(c.sum_field) for i, c in enumerate(summed)}
        found = self.queryset.order_by().aggregate(**wanted)
        by_key = {c.key: formats.money_html(found[f"sum_{i}"]) if c.kind == "money" else formats.number(found[f"sum_{i}"])
                  for i, c in enumerate(summed)}
        return [(c, by_key.get(c.key, "")) for c in self.declared.columns]

    @cached_property
    def inputs(self) -> list[Input]:
        return [i for f in self.declared.filters for i in f.inputs(self.params, self.errors.get(f.name, ""), self.actor)]

    @cached_property
    def chips(self) -> list[Chip]:
        chips = [
            Chip(str(f.label), f.chip(value), self.url(**dict.fromkeys(f.parameters, ""), page=""))
            for f, value in self.values
        ]
        if self.search_text:
            chips.insert(0, Chip(_("搜索"), self.search_text, self.url(q="", page="")))
        return chips

    @property
    def is_filtered(self) -> bool:
        return bool(self.chips or self.errors)

    @property
    def clear_url(self) -> str:
        return self.request.path

    @property
    def sizes(self) -> list[tuple[int, str]]:
        return [(size, self.url(size=str(size), page="")) for size in PAGE_SIZES]

    def page_url(self, number: int) -> str:
        return self.url(page=str(number))

    @cached_property
    def page_links(self) -> list[tuple[int | None, str]]:
        """Page numbers with their addresses; None stands for the gap."""
        numbers = self.page.paginator.get_elided_page_range(self.page.number, on_each_side=2, on_ends=1)
        return [(n, self.url(page=str(n))) if isinstance(n, int) else (None, "") for n in numbers]

    @property
    def previous_url(self) -> str:
        return self.url(page=str(self.page.number - 1)) if self.page.has_previous() else ""

    @property
    def next_url(self) -> str:
        return self.url(page=str(self.page.number + 1)) if self.page.has_next() else ""

    def url(self, **changes: str) -> str:
        """This list with some parameters changed; empty ones are left out."""
        merged = {**self.params, **changes}
        parts = [f"{quote(name)}={quote(value)}" for name, value in merged.items() if value]
        return f"{self.request.path}?{'&'.join(parts)}" if parts else self.request.path

    @property
    def csv_url(self) -> str:
        return self.url(export="csv", page="", size="")

    @property
    def xlsx_url(self) -> str:
        return self.url(export="xlsx", page="", size="")

    # Files ------------------------------------------------------------------------------------------------

    def export(self, kind: str) -> HttpResponse:
        """The file with the same filter. Refused with a sentence when the filter is wrong or finds too much."""
        rows_count = 0 if self.errors else self.queryset.count()
        if self.errors or rows_count > EXPORT_ROWS_MAX:
            message = _("筛选条件有误，未导出。") if self.errors else _(
                "筛选结果有 %(count)s 行，一次最多导出 %(max)s 行，请先缩小范围。") % {"count": rows_count, "max": EXPORT_ROWS_MAX}
            return render(self.request, "ui/errors/400.html", {"sentence": message}, status=400)
        columns = [c for c in self.declared.columns if c.export]
        rows = self.queryset.iterator(chunk_size=2000)
        if kind == "csv":
            body, content_type = exports.as_csv(columns, rows), "text/csv; charset=utf-8"
        else:
            body = exports.as_xlsx(columns, rows, title=str(self.declared.title), notes=self._notes(rows_count))
            content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        self._write_audit(kind, rows_count)
        response = HttpResponse(body, content_type=content_type)
        name = f"{self.declared.file_name}-{formats.day(clock.today())}.{kind}"
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
        return response

    def _notes(self, rows_count: int) -> list[tuple[str, str]]:
        filters = "；".join(f"{chip.label}：{chip.text}" for chip in self.chips) or _("无")
        return [
            (_("导出人"), getattr(self.actor, "name", "") or "—"), (_("导出时间"), formats.moment(clock.now())),
            (_("行数"), str(rows_count)), (_("筛选条件"), filters),
            (_("说明"), _("仅供内部使用，导出记录已留痕。")),
        ]

    def _write_audit(self, kind: str, rows_count: int) -> None:
        """Who took a file away is part of the track; what was searched for is not written down (it may be a person)."""
        if self.actor is not None:
            facts = {"list": self.declared.file_name, "format": kind, "rows": rows_count}
            audit.record(by=self.actor, verb="ui.export_list", subject=f"list:{self.declared.file_name}", facts=facts)
