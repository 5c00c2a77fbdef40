"""The models that score borrowers: the list, the way in, one model with its drift and its challenger, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs, require
from chezhe.kernel.errors import BusinessError
from chezhe.risk.actions.answer_drift import answer_drift
from chezhe.risk.actions.recalibrate_model import recalibrate_model
from chezhe.risk.actions.retire_shadow import retire_shadow
from chezhe.risk.actions.roll_back_model import roll_back_model
from chezhe.risk.actions.submit_model import submit_model
from chezhe.risk.actions.upload_model import upload_model
from chezhe.risk.actions.watch_model import watch_model
from chezhe.risk.actions.withdraw_model import withdraw_model
from chezhe.risk.forms import ReasonForm
from chezhe.risk.registry import labels, pages, permissions, queries, reading
from chezhe.risk.registry.forms import SubmitForm, UploadForm
from chezhe.risk.registry.models import ScoringModel
from chezhe.ui.filters import CustomFilter
from chezhe.ui.lists import ChoiceFilter, Column, ListPage

TRAIL = (gettext_lazy("风控"), "")
# A report is data from outside: it may draw itself, and nothing else.
REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'"
_NEEDED = {
    "submit": permissions.MAINTAIN_MODELS, "withdraw": permissions.MAINTAIN_MODELS, "retire": permissions.MAINTAIN_MODELS,
    "recalibrate": permissions.MAINTAIN_MODELS, "watch": permissions.WATCH_MODELS, "roll-back": permissions.ROLL_BACK_MODEL,
    "answer": permissions.ANSWER_DRIFT,
}


@require_GET
@needs(permissions.VIEW_MODELS)
def models(request: HttpRequest) -> HttpResponse:
    """Every model that was ever registered."""
    may_upload = request.actor.can(permissions.MAINTAIN_MODELS.code) and request.actor.sees_whole_house
    return ListPage(
        title=_("评分模型"),
        subtitle=_("给借款人和客户评分、给车辆估值的模型：登记、两人启用、影子对比、漂移监测；任何一笔旧结果都能按当时的模型重算。"),
        queryset=queries.light().defer("content", "card", "parent__content"),
        columns=[
            Column("number", _("编号"), kind="link", url=lambda row: reverse("risk:model", args=[row.number]), sortable=True),
            Column("title", _("模型名称")), Column("purpose", pgettext_lazy("model", "用途"), value=lambda row: row.get_purpose_display()),
            Column("kind", pgettext_lazy("model", "种类"), value=lambda row: row.get_kind_display(), phone=False),
            Column("status", _("状态"), kind="status", statuses=pages.STATUSES),
            Column("auc", _("区分度 AUC"), value=lambda row: dict(pages.figures(row)).get(_("区分度 AUC"), "—"), phone=False),
            Column("uploaded_by_name", _("登记人"), phone=False),
            Column("uploaded_at", _("登记时间"), kind="moment", sortable=True, phone=False),
        ],
        filters=[
            ChoiceFilter(name="status", label=_("状态"), choices=[(key, status.label) for key, status in pages.STATUSES.items()]),
            ChoiceFilter(name="purpose", label=pgettext_lazy("model", "用途"), choices=labels.PURPOSES),
            CustomFilter(name="drift", label=pgettext_lazy("model", "漂移预警"), choices=[("open", pgettext_lazy("drift", "待处理"))],
                         narrow=_with_alert),
        ],
        search=("number__icontains", "name__icontains", "content_hash__istartswith"), search_hint=_("编号、名称或内容指纹"),
        default_sort="-uploaded_at", breadcrumbs=[TRAIL], file_name="scoring-models",
        actions=[(_("登记模型"), reverse("risk:new_model"), "upload")] if may_upload else [],
    ).respond(request)


def _with_alert(rows: QuerySet[ScoringModel], value: str) -> QuerySet[ScoringModel]:
    return rows.filter(watches__status="open")


@require_http_methods(["GET", "POST"])
@needs(permissions.MAINTAIN_MODELS)
def new(request: HttpRequest) -> HttpResponse:
    """Bring a model in."""
    form = UploadForm(request.POST or None, request.FILES or None)
    made: list[ScoringModel] = []

    def act() -> None:
        given = form.cleaned_data
        made.append(upload_model(
            data=reading.whole(given["file"]), name=given["name"], purpose=given["purpose"], note=given["note"], by=request.actor))

    if request.method == "POST" and form.carries_out(act):
        messages.success(request, _("模型已登记，尚未用于评分；请提交另一位同事审批。"))
        return redirect("risk:model", made[0].number)
    context = {"form": form, "breadcrumbs": [TRAIL, (_("评分模型"), reverse("risk:models")), (_("登记模型"), "")]}
    return render(request, "risk/registry_new.html", context, status=422 if form.errors else 200)


@require_GET
@needs(permissions.VIEW_MODELS)
def model(request: HttpRequest, number: str) -> HttpResponse:
    """One model: its card, its drift, its challenger's answers."""
    return _page(request, number)


@require_GET
@needs(permissions.VIEW_MODELS)
@xframe_options_sameorigin
def report(request: HttpRequest, number: str) -> HttpResponse:
    """The report that training wrote, shut in a sandbox: no script runs, nothing is fetched, no form is sent."""
    written = reading.report_of(number)
    if written is None:
        raise Http404
    response = HttpResponse(written, content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = REPORT_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@needs(permissions.VIEW_MODELS)
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Submit, withdraw, retire, recalibrate, watch, roll back or answer; each asks for its own permission."""
    if verb not in _NEEDED:
        raise Http404
    require(request, _NEEDED[verb])
    found = queries.called(number)
    if verb == "submit":
        form: Any = SubmitForm(request.POST, can_shadow=found.status == "draft")
    else:
        form = ReasonForm(request.POST) if verb in ("retire", "roll-back", "answer") else None
    return _carry_out(request, number, verb, form)


def _carry_out(request: HttpRequest, number: str, verb: str, form: Any) -> HttpResponse:
    told: list[tuple[str, str]] = []

    def run() -> None:
        told.append(_ACTS[verb](request, number, form.cleaned_data if form is not None else {}))

    if form is not None:
        if not form.carries_out(run):
            return _page(request, number, {f"{verb.replace('-', '_')}_form": form}, 422)
    else:
        try:
            run()
        except BusinessError as refusal:
            return _page(request, number, {"refusal": refusal}, refusal.http_status)
    words, where = told[0]
    messages.success(request, words)
    return redirect("risk:model", where)


def _submit(request: HttpRequest, number: str, given: dict[str, Any]) -> tuple[str, str]:
    submit_model(scoring_model_number=number, wish=given["wish"], reason=given["reason"], by=request.actor)
    return _("已提交，等待另一位同事审批。"), number


def _withdraw(request: HttpRequest, number: str, given: dict[str, Any]) -> tuple[str, str]:
    withdraw_model(scoring_model_number=number, by=request.actor)
    return _("已撤回。"), number


def _retire(request: HttpRequest, number: str, given: dict[str, Any]) -> tuple[str, str]:
    retire_shadow(scoring_model_number=number, reason=given["reason"], by=request.actor)
    return _("影子运行已停止，已有的对照保留。"), number


def _recalibrate(request: HttpRequest, number: str, given: dict[str, Any]) -> tuple[str, str]:
    made = recalibrate_model(scoring_model_number=number, business_date=business_date.current(), by=request.actor)
    return _("已生成重新校准的版本 %(number)s，尚未用于评分；请提交另一位同事审批。") % {"number": made.number}, made.number


def _watch(request: HttpRequest, number: str, given: dict[str, Any]) -> tuple[str, str]:
    found = watch_model(scoring_model_number=number, business_date=business_date.current(), by=request.actor)
    return _("监测完成：%(level)s。") % {"level": found.get_level_display()}, number


def _roll_back(request: HttpRequest, number: str, given: dict[str, Any]) -> tuple[str, str]:
    back = roll_back_model(scoring_model_number=number, reason=given["reason"], by=request.actor)
    return _("已回退：现在由 %(number)s 评分。") % {"number": back.number}, back.number


def _answer(request: HttpRequest, number: str, given: dict[str, Any]) -> tuple[str, str]:
    answer_drift(scoring_model_number=number, reason=given["reason"], by=request.actor)
    return _("预警已处理。"), number


_ACTS: dict[str, Callable[[HttpRequest, str, dict[str, Any]], tuple[str, str]]] = {
    "submit": _submit, "withdraw": _withdraw, "retire": _retire, "recalibrate": _recalibrate, "watch": _watch, "roll-back": _roll_back,
    "answer": _answer,
}


def _page(request: HttpRequest, number: str, more: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    found = queries.called(number)
    context = pages.model_page(found, request.actor, business_date.current()) | {
        "submit_form": SubmitForm(can_shadow=found.status == "draft"), "retire_form": ReasonForm(), "roll_back_form": ReasonForm(),
        "answer_form": ReasonForm(), "breadcrumbs": [TRAIL, (_("评分模型"), reverse("risk:models")), (found.number, "")],
    }
    return render(request, "risk/registry_model.html", context | (more or {}), status=status)
