"""List pages, declared: columns, filters, search, sorting, paging, sums, bulk work and exports, all in the URL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from chezhe.identifiers.text import clean
from chezhe.kernel.errors import BusinessError
from chezhe.ui import bulk, formats, layout, list_files
from chezhe.ui.bulk import Bulk
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
from chezhe.ui.list_parts import Cell, Chip, Heading, Row, Without, opening
from chezhe.ui.list_tools import Tools

__all__ = [
    "Bulk", "ChoiceFilter", "Column", "CustomFilter", "DateRangeFilter", "Filter", "ListPage", "ScopeFilter", "TextFilter", "count_rows",
]

PAGE_SIZES = (20, 50, 100)
SEARCH_MAX = 80
# Set on a request that nobody sent: only how many rows there are is wanted.
_COUNTS = "counts_rows"


def count_rows(path: str, query: str, actor: Any) -> int | None:
    """How many rows the list at one of our addresses has for the actor under this query; None when it is not open to the actor,
    is no more, or no longer understands the query."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    request = HttpRequest()
    request.method, request.path, request.GET, request.resolver_match = "GET", path, QueryDict(query), match
    request.actor = actor  # type: ignore[attr-defined]
    setattr(request, _COUNTS, True)
    try:
        answer = match.func(request, *match.args, **match.kwargs)
    except BusinessError:
        return None
    said = answer.content.decode() if answer.status_code == 200 else ""
    return int(said) if said.isdecimal() else None


@dataclass(kw_only=True)
class ListPage:
    """A list page. Give it a queryset that is already `visible_to(actor)`.

    `search` is a tuple of lookups joined by OR (`("number__icontains", "customer__name__icontains")`) or a
    callable `(queryset, text) -> queryset`. `default_sort` is a column key, with `-` for descending.
    `actions` are (label, url, icon) buttons in the header. `respond(request)` answers page, htmx part, file or,
    when the door lets POST in, the bulk work declared in `bulk`. `exportable` False leaves the files out.
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
    bulk: Sequence[Bulk] = ()
    page_size: int = 20
    template: str = "ui/list.html"
    extra: dict[str, Any] = field(default_factory=dict)

    def respond(self, request: HttpRequest, **context: Any) -> HttpResponse:
        """The whole answer: the page, its body for htmx, the file that `?export=` asks for, or a step of bulk work."""
        view = ListView(self, request)
        if getattr(request, _COUNTS, False):
            return HttpResponse("" if view.errors else str(view.queryset.count()))
        if request.method == "POST":
            return bulk.respond(view, request)
        wanted = request.GET.get("export", "")
        if wanted in list_files.KINDS and self.exportable:
            return list_files.respond(view, wanted)
        is_part = request.headers.get("HX-Target") == "list-body"
        if not is_part and (elsewhere := view.tools.elsewhere):
            return redirect(elsewhere)
        template = "ui/list_body.html" if is_part else self.template
        status = 422 if view.errors and not is_part else 200
        response = render(request, template, {"list": view, **self.extra, **context}, status=status)
        if is_part:
            response["HX-Push-Url"] = view.url()
        return response


class ListView:
    """One request's view of a ListPage; the templates read it."""

    def __init__(self, page: ListPage, request: HttpRequest) -> None:
        self.declared, self.request = page, request
        self.actor = getattr(request, "actor", None)
        self.params = {name: request.GET.get(name, "") for name in self._known_parameters()}
        self.layout = layout.read(page.columns, *(",".join(request.GET.getlist(name)) for name in ("cols", "pin")))
        self.params |= {"cols": self.layout.cols, "pin": self.layout.pins}
        self.errors: dict[str, str] = {}
        self.values: list[tuple[Filter, Any]] = []
        self.queryset = self._narrowed()
        self.tools = Tools(self)

    def _known_parameters(self) -> list[str]:
        named = [p for f in self.declared.filters for p in f.parameters]
        return [*named, "q", "sort", "page", "size", "cols", "pin", "view"]

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
    def rows(self) -> list[Row]:
        summed = frozenset(c.key for c in self._summed) if self.is_selectable else frozenset[str]()
        pinned, is_selectable, first = self.layout.pinned, self.is_selectable, self.declared.columns[0]
        openings, found_rows = [opening(column, column.key in pinned) for column in self.layout.shown], list(self.page)
        for column in self.layout.shown:
            if column.gather is not None:
                column.gather(found_rows)
        return [
            Row(found.pk, first.text(first.raw(found)) if is_selectable else "", self._cells(found, summed), openings, is_selectable)
            for found in found_rows
        ]

    def _cells(self, found: Any, summed: frozenset[str]) -> list[Cell]:
        pinned = self.layout.pinned
        return [Cell(c, c.html(found), c.tally(found) if c.key in summed else None, c.key in pinned) for c in self.layout.shown]

    @cached_property
    def headings(self) -> list[Heading]:
        return [self._heading(column) for column in self.layout.shown]

    def _heading(self, column: Column) -> Heading:
        is_pinned = column.key in self.layout.pinned
        if not column.sortable:
            return Heading(column, "", "", is_pinned)
        is_current = self.sort.removeprefix("-") == column.key
        direction = ("desc" if self.sort.startswith("-") else "asc") if is_current else ""
        target = f"-{column.key}" if direction == "asc" else column.key
        return Heading(column, self.url(sort=target, page=""), direction, is_pinned)

    @property
    def heads(self) -> list[tuple[str, str, str, str, str]]:
        """The column heads as they are drawn."""
        return [heading.shown for heading in self.headings]

    @cached_property
    def _summed(self) -> list[Column]:
        return [c for c in self.layout.shown if c.is_summed]

    @cached_property
    def sums(self) -> list[Cell] | None:
        """The foot: sums over everything the filter finds, not only this page; None when nothing is summed."""
        if not self._summed or not self.total:
            return None
        wanted = {f"sum_{i}": Sum(c.sum_field) for i, c in enumerate(self._summed)}
        found = self.queryset.order_by().aggregate(**wanted)
        by_key = {c.key: formats.money_html(found[f"sum_{i}"]) if c.kind == "money" else formats.number(found[f"sum_{i}"])
                  for i, c in enumerate(self._summed)}
        return [Cell(c, by_key.get(c.key, ""), None, c.key in self.layout.pinned) for c in self.layout.shown]

    @cached_property
    def bulk(self) -> list[Bulk]:
        """What the actor may do to many rows at once."""
        return [one for one in self.declared.bulk if self.actor is not None and self.actor.can(one.permission.code)]

    @property
    def is_selectable(self) -> bool:
        return bool(self.bulk or self._summed)

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

    @cached_property
    def without(self) -> list[Without]:
        """Why nothing is found: for each condition, what there would be without it."""
        if self.total or self.errors or len(self.chips) < 2:
            return []
        places = ([None] if self.search_text else []) + [one for one, _value in self.values]
        counted = [Without(chip, self._count_without(place)) for chip, place in zip(self.chips, places, strict=True)]
        return [one for one in counted if one.count]

    def _count_without(self, left_out: Filter | None) -> int:
        queryset = self.declared.queryset
        for one, value in self.values:
            queryset = queryset if one is left_out else one.apply(queryset, value, self.actor)
        return (self._searched(queryset) if left_out is not None else queryset).count()

    @property
    def passed_on(self) -> list[str]:
        """What the filter form sends along unchanged."""
        return [name for name in ("sort", "size", "cols", "pin", "view") if self.params[name]]

    @property
    def clear_url(self) -> str:
        return self.tools.plain_url

    @property
    def sizes(self) -> list[tuple[int, str]]:
        return [(size, self.url(size=str(size), page="")) for size in PAGE_SIZES]

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
        parts = [f"{quote(name)}={quote(value, safe=',')}" for name, value in merged.items() if value]
        return f"{self.request.path}?{'&'.join(parts)}" if parts else self.request.path

    @property
    def csv_url(self) -> str:
        return self.url(export="csv", page="", size="")

    @property
    def xlsx_url(self) -> str:
        return self.url(export="xlsx", page="", size="")
