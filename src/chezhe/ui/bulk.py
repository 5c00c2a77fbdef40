"""The same thing to many rows: a preview that counts, sums and says what is left out; then each row by its own action call.

The browser (web/src/bulk.ts) sends the rows one after another, so that there is progress, a way to stop between two
rows, and an answer for every row. Nothing is carried out that the preview did not name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from chezhe.kernel.action import require_step_up
from chezhe.kernel.errors import BusinessError, NotFound, StepUpRequired
from chezhe.kernel.permission import Permission
from chezhe.ui import formats, row_keys
from chezhe.ui.forms import Form

if TYPE_CHECKING:
    from chezhe.ui.lists import ListView

ROWS_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """`carry_out(row, values, request)` calls one action for one row and may raise a BusinessError.

    `why_not(row)` is the sentence that leaves a row out, empty when it may go ahead. `form(request, data)` makes the form
    of what all rows share (unbound without data); its cleaned data are the `values`. `amount` is the attribute path of the
    money that the preview sums; when the permission moves money, the sum must be typed first.
    """

    key: str
    label: Any
    permission: Permission
    carry_out: Callable[[Any, Mapping[str, Any], HttpRequest], object]
    icon: str = "checks"
    sentence: Any = ""
    why_not: Callable[[Any], Any] = lambda _row: ""
    form: Callable[[HttpRequest, Any], Form] | None = None
    amount: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One row of the preview."""

    key: Any
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be done; `form` is None when nothing has to be asked."""

    bulk: Bulk
    ready: list[Candidate]
    excluded: list[Candidate]
    total: Any
    form: Form | None

    @property
    def typed(self) -> str:
        """What has to be typed before money moves."""
        return formats.yuan(self.total) if self.bulk.permission.moves_money and self.ready else ""


def respond(view: ListView, request: HttpRequest) -> HttpResponse:
    """One step: `preview`, `check` of the form (204, or the preview with what is wrong), or `one` row.

    Refuses what the actor may not do as if it did not exist (404).
    """
    chosen = next((one for one in view.bulk if one.key == request.POST.get("bulk")), None)
    if chosen is None:
        raise NotFound(what=request.POST.get("bulk", ""))
    require_step_up(chosen.permission, request.actor)  # type: ignore[attr-defined]
    step = request.POST.get("step", "preview")
    if step == "one":
        return _one(view, chosen, request)
    form = _form(chosen, request, is_bound=step == "check")
    if step == "check" and (form is None or form.is_valid()):
        return HttpResponse(status=204)
    found = _rows(view, request)
    if (count := found.count()) > ROWS_MAX:
        words = _("选了 %(count)s 行，一次最多处理 %(max)s 行，请先缩小范围。") % {"count": count, "max": ROWS_MAX}
        return render(request, "ui/list/bulk_refused.html", {"bulk": chosen, "sentence": words})
    return render(request, "ui/list/bulk.html", {"preview": _preview(view, chosen, found, form), "list": view})


def _form(chosen: Bulk, request: HttpRequest, *, is_bound: bool) -> Form | None:
    return chosen.form(request, request.POST if is_bound else None) if chosen.form is not None else None


def _rows(view: ListView, request: HttpRequest) -> QuerySet[Any]:
    """The chosen rows within what the list finds, or with `all` everything it finds."""
    if request.POST.get("all"):
        return view.queryset
    return view.queryset.filter(pk__in=row_keys.read(request.POST.getlist("rows")))


def _preview(view: ListView, chosen: Bulk, found: QuerySet[Any], form: Form | None) -> Preview:
    ready, excluded, fen = [], [], 0
    first = view.declared.columns[0]
    for row in found:
        reason = str(chosen.why_not(row) or "")
        (excluded if reason else ready).append(Candidate(row.pk, first.text(first.raw(row)), reason))
        fen += 0 if reason or not chosen.amount else formats.fen_of(_amount(row, chosen.amount)) or 0
    return Preview(chosen, ready, excluded, fen if chosen.amount else None, form)


def _amount(row: Any, path: str) -> Any:
    for step in path.split("."):
        row = getattr(row, step, None)
    return row


def _one(view: ListView, chosen: Bulk, request: HttpRequest) -> JsonResponse:
    """Carry out one row. What a row refuses is an answer, not an error: the others go on."""
    row = view.declared.queryset.filter(pk__in=row_keys.read([request.POST.get("row", "")])).first()
    if row is None:
        return _said("refused", _("已不在这个列表里，可能刚被同事处理。"))
    if reason := chosen.why_not(row):
        return _said("refused", str(reason))
    form = _form(chosen, request, is_bound=True)
    if form is not None and not form.is_valid():
        return _said("refused", " ".join(str(e) for errors in form.errors.values() for e in errors))
    try:
        chosen.carry_out(row, form.cleaned_data if form is not None else {}, request)
    except StepUpRequired:
        raise
    except BusinessError as refusal:
        return _said("refused", str(refusal))
    return _said("done", "")


def _said(outcome: str, sentence: str) -> JsonResponse:
    return JsonResponse({"outcome": outcome, "sentence": sentence})
