"""The words of our papers: versions, the editor, previews, and the library of clauses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from chezhe.contracts import permissions
from chezhe.contracts.actions.discard_template import discard_template
from chezhe.contracts.actions.draft_template import draft_template
from chezhe.contracts.actions.edit_template import edit_template
from chezhe.contracts.actions.publish_template import publish_template
from chezhe.contracts.actions.return_template import return_template
from chezhe.contracts.actions.submit_template import submit_template
from chezhe.contracts.actions.write_clause import write_clause
from chezhe.contracts.forms import ReasonForm
from chezhe.contracts.forms_wording import ClauseForm, OpinionForm, PublishForm, TemplateForm
from chezhe.contracts.wording import comparing, labels, previews, queries, steps
from chezhe.contracts.wording.models import TemplateVersion
from chezhe.contracts.wording.states import DRAFT, SUBMITTED, TEMPLATE
from chezhe.kernel import business_date, moves
from chezhe.kernel.doors import needs, require
from chezhe.kernel.errors import BusinessError
from chezhe.ui.lists import ChoiceFilter, Column, ListPage
from chezhe.ui.parts import track_of
from chezhe.ui.status import Status

_TONES = {"draft": "info", "submitted": "progress", "published": "good", "discarded": "neutral"}
STATUSES = {code: Status(label, _TONES[code]) for code, label in TEMPLATE.choices()}


@needs(permissions.VIEW_TEMPLATES)
def templates(request: HttpRequest) -> HttpResponse:
    """Every version of every kind, newest first."""
    return ListPage(
        title=pgettext("list", "文本模板"), queryset=TemplateVersion.objects.all(),
        columns=[
            Column("number", _("版本"), kind="link", url=lambda row: reverse("contracts:template", args=[row.number]), sortable=True,
                   sort="pk"),
            Column("get_kind_display", _("文本种类")), Column("status", _("状态"), kind="status", statuses=STATUSES),
            Column("effective_from", _("生效日"), kind="date", sortable=True), Column("drafted_by_name", _("起草人"), phone=False),
            Column("published_by_name", _("发布人"), phone=False),
        ],
        filters=[
            ChoiceFilter(name="kind", label=_("文本种类"), choices=labels.KINDS),
            ChoiceFilter(name="status", label=_("状态"), choices=TEMPLATE.choices()),
        ],
        search=("number__icontains",), search_hint=_("版本编号"), default_sort="-number", file_name="templates",
        actions=[(_("条款库"), reverse("contracts:clauses"), "list-check")],
    ).respond(request)


@require_GET
@needs(permissions.VIEW_TEMPLATES)
def template(request: HttpRequest, number: str) -> HttpResponse:
    """One version: what it says, what is wrong with it, how it differs, how it looks."""
    return _shown(request, queries.version_called(number))


def _shown(request: HttpRequest, version: TemplateVersion, *, status: int = 200, **more: Any) -> HttpResponse:
    can, wording = request.actor.can, version.wording
    found = steps.judged(version.kind, wording)
    is_mine = bool(set(version.writer_ids) & request.actor.user_ids)
    context = {
        "version": version, "wording": wording, "status": STATUSES[version.status],
        "findings": [(labels.sentence_of(one), one.is_error) for one in found], "samples": range(1, previews.COUNT + 1),
        "sides": comparing.compared(version.base.wording, wording) if version.base else [],
        "track": track_of(moves.history(version.subject), TEMPLATE, begun=_("起草")),
        "can_edit": version.status == DRAFT and can(permissions.EDIT_TEMPLATE.code),
        "can_draft": version.status not in (DRAFT, SUBMITTED) and can(permissions.EDIT_TEMPLATE.code),
        "can_decide": version.status == SUBMITTED and can(permissions.PUBLISH_TEMPLATE.code) and not is_mine,
        "publish": PublishForm(initial={"effective_from": max(version.effective_from, business_date.current())}),
        "back": OpinionForm(), "discard": ReasonForm(), **more,
    }
    return render(request, "contracts/template.html", context, status=status)


@require_GET
@needs(permissions.VIEW_TEMPLATES)
def template_page(request: HttpRequest, number: str, sample: int, page: int) -> HttpResponse:
    """A page of a sample paper with these words, as a picture."""
    version = queries.version_called(number)
    return HttpResponse(previews.picture(version, sample, page), content_type="image/png", headers={"Cache-Control": "private, no-store"})


@require_POST
@needs(permissions.EDIT_TEMPLATE)
def draft(request: HttpRequest, number: str) -> HttpResponse:
    """Begin a draft with the words of a version."""
    source = queries.version_called(number)
    made = draft_template(kind=source.kind, from_number=number, business_date=business_date.current(), by=request.actor)
    return redirect("contracts:edit_template", made.number)


@needs(permissions.EDIT_TEMPLATE)
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """The editor; `look` shows what lint says without saving."""
    version = queries.version_called(number)
    form = TemplateForm(request.POST or None, initial=TemplateForm.initial_of(version))
    findings: list[tuple[str, bool]] = []
    if request.method == "POST" and form.is_valid():
        wording = form.wording
        if "look" in request.POST:
            findings = [(labels.sentence_of(one), one.is_error) for one in steps.judged(version.kind, wording)]
        elif form.carries_out(lambda: edit_template(
            version_number=number, wording=wording, effective_from=form.cleaned_data["effective_from"], note=form.cleaned_data["note"],
            based_on=form.cleaned_data["based_on"], by=request.actor,
        )):
            messages.success(request, _("草稿已保存。"))
            return redirect("contracts:template", number)
    context = {
        "version": version, "form": form, "findings": findings, "was_looked_at": "look" in request.POST, "library": queries.library(),
        "fields": labels.fields(), "conditions": labels.conditions(), "blocks": labels.blocks(),
    }
    return render(request, "contracts/template_edit.html", context, status=422 if form.errors else 200)


def _decide(request: HttpRequest, number: str, act: Callable[[], object], done: str, **forms_shown: Any) -> HttpResponse:
    try:
        act()
    except BusinessError as refusal:
        return _shown(request, queries.version_called(number), status=refusal.http_status, refused=str(refusal), **forms_shown)
    messages.success(request, done)
    return redirect("contracts:template", number)


@require_POST
@needs(permissions.EDIT_TEMPLATE)
def submit(request: HttpRequest, number: str) -> HttpResponse:
    return _decide(
        request, number, lambda: submit_template(version_number=number, business_date=business_date.current(), by=request.actor),
        _("已提交合规岗发布。"))


@require_POST
@needs(permissions.EDIT_TEMPLATE)
def discard(request: HttpRequest, number: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _shown(request, queries.version_called(number), status=422, discard=form)
    return _decide(
        request, number, lambda: discard_template(version_number=number, reason=form.cleaned_data["reason"], by=request.actor),
        _("草稿已放弃。"))


@require_POST
@needs(permissions.PUBLISH_TEMPLATE)
def publish(request: HttpRequest, number: str) -> HttpResponse:
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _shown(request, queries.version_called(number), status=422, publish=form)
    return _decide(
        request, number,
        lambda: publish_template(version_number=number, business_date=business_date.current(), by=request.actor, **form.cleaned_data),
        _("已发布。"))


@require_POST
@needs(permissions.PUBLISH_TEMPLATE)
def send_back(request: HttpRequest, number: str) -> HttpResponse:
    form = OpinionForm(request.POST)
    if not form.is_valid():
        return _shown(request, queries.version_called(number), status=422, back=form)
    return _decide(
        request, number, lambda: return_template(version_number=number, opinion=form.cleaned_data["opinion"], by=request.actor),
        _("已退回起草人。"))


@needs(permissions.VIEW_TEMPLATES)
def clauses(request: HttpRequest) -> HttpResponse:
    """The library; whoever may write gives a clause its next version."""
    may = request.actor.can(permissions.EDIT_TEMPLATE.code)
    form = ClauseForm(request.POST or None)
    if request.method == "POST":
        require(request, permissions.EDIT_TEMPLATE)
    if request.method == "POST" and form.carries_out(lambda: write_clause(by=request.actor, **form.cleaned_data)):
        messages.success(request, _("条款已入库，可在草稿中选用。"))
        return redirect("contracts:clauses")
    context = {"library": queries.library(), "form": form, "can_write": may, "fields": labels.fields()}
    return render(request, "contracts/clauses.html", context, status=422 if form.errors else 200)
