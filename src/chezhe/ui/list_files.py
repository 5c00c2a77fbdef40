"""A list as a file: the same filter and the same columns, on record in the audit trail."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from chezhe.kernel import audit, clock
from chezhe.ui import exports, formats, row_keys

if TYPE_CHECKING:
    from chezhe.ui.lists import ListView

R = TypeVar("R", bound=HttpResponseBase)
CONTENT_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
KINDS = tuple(CONTENT_TYPES)
EXPORT_ROWS_MAX = 20_000


def respond(view: ListView, kind: str) -> HttpResponse:
    """The file. Refused with a sentence when the filter is wrong or finds too much."""
    found = _chosen(view)
    rows_count = 0 if view.errors else found.count()
    if view.errors or rows_count > EXPORT_ROWS_MAX:
        message = _("筛选条件有误，未导出。") if view.errors else _(
            "筛选结果有 %(count)s 行，一次最多导出 %(max)s 行，请先缩小范围。") % {"count": rows_count, "max": EXPORT_ROWS_MAX}
        return render(view.request, "ui/errors/400.html", {"sentence": message}, status=400)
    columns = [c for c in view.layout.shown if c.export]
    rows = found.iterator(chunk_size=2000)
    if kind == "csv":
        body = exports.as_csv(columns, rows)
    else:
        body = exports.as_xlsx(columns, rows, title=str(view.declared.title), notes=_notes(view, rows_count))
    return hand_out(body, kind, file_name=view.declared.file_name, rows_count=rows_count, actor=view.actor)


def hand_out(body: bytes, kind: str, *, file_name: str, rows_count: int, actor: Any) -> HttpResponse:
    """The file with the day in its name. Who takes it away is part of the trail; what was searched for is not (it may be a
    person)."""
    return _named(HttpResponse(body, content_type=CONTENT_TYPES[kind]), kind, file_name, rows_count, actor)


def stream_out(file: IO[bytes], kind: str, *, file_name: str, rows_count: int, actor: Any) -> FileResponse:
    """`hand_out` for a file of any length, sent piece by piece and closed afterwards."""
    return _named(FileResponse(file, content_type=CONTENT_TYPES[kind]), kind, file_name, rows_count, actor)


def _named(response: R, kind: str, file_name: str, rows_count: int, actor: Any) -> R:
    if actor is not None:
        facts = {"list": file_name, "format": kind, "rows": rows_count}
        audit.record(by=actor, verb="ui.export_list", subject=f"list:{file_name}", facts=facts)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{file_name}-{formats.day(clock.today())}.{kind}')}"
    return response


def _chosen(view: ListView) -> QuerySet[Any]:
    """Everything found, or of it only the rows that `?rows=` names: none when it names nothing that could be a row."""
    named = view.request.GET.get("rows", "")
    return view.queryset.filter(pk__in=row_keys.read(named.split(","))) if named else view.queryset


def _notes(view: ListView, rows_count: int) -> list[tuple[str, str]]:
    filters = "；".join(f"{chip.label}：{chip.text}" for chip in view.chips) or _("无")
    current = view.tools.current
    return [
        (_("导出人"), getattr(view.actor, "name", "") or "—"), (_("导出时间"), formats.moment(clock.now())),
        *([(_("视图"), current.name)] if current else []), (_("行数"), str(rows_count)), (_("筛选条件"), filters),
        (_("说明"), _("仅供内部使用，导出记录已留痕。")),
    ]
