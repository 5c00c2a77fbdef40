"""The tables, their versions, and the verbs on a version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.policies import labels, pages, permissions, queries
from chezhe.policies.actions.cancel_version import cancel_version
from chezhe.policies.actions.discard_version import discard_version
from chezhe.policies.actions.publish_version import publish_version
from chezhe.policies.actions.rebase_version import rebase_version
from chezhe.policies.actions.return_version import return_version
from chezhe.policies.actions.roll_back_policy import roll_back_policy
from chezhe.policies.actions.submit_version import submit_version
from chezhe.policies.forms import OpinionForm, PublishForm, ReasonForm
from chezhe.policies.models import Policy, PolicyVersion
from chezhe.policies.states import VERSION
from chezhe.ui import forms
from chezhe.ui.lists import ChoiceFilter, Column, ListPage


@needs(permissions.VIEW)
def policies(request: HttpRequest) -> HttpResponse:
    """What decides today, what will, and what is being written."""
    return render(request, "policies/policies.html", {
        "shelf": pages.shelf(business_date.current()), "can_edit": request.actor.can(permissions.EDIT_VERSION.code),
        "breadcrumbs": pages.trail(),
    })


@needs(permissions.VIEW)
def versions(request: HttpRequest) -> HttpResponse:
    """Every version there has been."""
    today = business_date.current()
    standings = queries.standings_on(today)
    return ListPage(
        title=_("决策表的版本"), queryset=PolicyVersion.objects.select_related("policy").defer("content", "findings", "policy__contract"),
        columns=[
            Column("number", _("版本"), kind="link", url=lambda v: reverse("policies:version", args=[v.number]), sortable=True),
            Column("policy", _("决策表"), value=lambda v: v.policy.label),
            Column("status", _("状态"), kind="status", statuses=labels.STANDINGS, value=standings),
            Column("effective_from", _("生效日期"), kind="date", sortable=True),
            Column("drafted_by_name", _("起草人"), phone=False), Column("published_by_name", _("发布人"), phone=False),
            Column("published_at", _("发布时间"), kind="moment", sortable=True, phone=False),
        ],
        filters=[
            ChoiceFilter(name="status", label=_("状态"), choices=VERSION.choices()),
            ChoiceFilter(name="policy", label=_("决策表"), field="policy__code",
                         choices=lambda: [(p.code, str(p)) for p in Policy.objects.defer("contract")]),
        ],
        search=("number__icontains", "note__icontains"), search_hint=_("版本号、修改说明"), default_sort="-effective_from",
        breadcrumbs=pages.trail((_("全部版本"), "")), file_name="policy-versions",
    ).respond(request)


@needs(permissions.VIEW)
def version(request: HttpRequest, number: str) -> HttpResponse:
    """One version: its rows in words, what lint says, what it changes, and who decided."""
    found = queries.version_called(number)
    return render(request, "policies/version.html", _context(request, found))


def _context(request: HttpRequest, found: PolicyVersion) -> dict[str, Any]:
    today = business_date.current()
    actor = request.actor
    return {
        **pages.version_page(found, today), "verbs": pages.verbs(found, today, actor),
        "opinion_form": OpinionForm(), "reason_form": ReasonForm(),
        "publish_form": PublishForm(initial={"effective_from": max(found.effective_from, today)}),
        "breadcrumbs": pages.trail((found.number, "")),
    }


def _answer(
    request: HttpRequest, number: str, done: str, act: Callable[[], PolicyVersion], form: forms.Form | None = None, name: str = "",
) -> HttpResponse:
    """Carry a verb out and go to the version it gave, or show on the page why not."""
    try:
        if form is not None and not form.is_valid():
            return _refused(request, number, {name: form}, 422)
        result = act()
    except BusinessError as refusal:
        if form is not None and refusal.field in form.fields:
            form.refuse(refusal)
            return _refused(request, number, {name: form}, refusal.http_status)
        return _refused(request, number, {"refusal": refusal}, refusal.http_status)
    messages.success(request, done % {"version": result.number})
    return redirect("policies:version", result.number)


def _refused(request: HttpRequest, number: str, more: dict[str, Any], status: int) -> HttpResponse:
    context = _context(request, queries.version_called(number))
    return render(request, "policies/version.html", context | more, status=status)


@require_POST
@needs(permissions.EDIT_VERSION)
def submit(request: HttpRequest, number: str) -> HttpResponse:
    return _answer(request, number, _("%(version)s 已提交，等待另一位同事发布。"), lambda: submit_version(
        version_number=number, business_date=business_date.current(), by=request.actor))


@require_POST
@needs(permissions.PUBLISH_VERSION)
def publish(request: HttpRequest, number: str) -> HttpResponse:
    form = PublishForm(request.POST)
    return _answer(request, number, _("%(version)s 已发布。"), lambda: publish_version(
        version_number=number, effective_from=form.cleaned_data["effective_from"], opinion=form.cleaned_data["opinion"],
        business_date=business_date.current(), by=request.actor), form, "publish_form")


@require_POST
@needs(permissions.PUBLISH_VERSION)
def send_back(request: HttpRequest, number: str) -> HttpResponse:
    form = OpinionForm(request.POST)
    return _answer(request, number, _("%(version)s 已退回起草人。"), lambda: return_version(
        version_number=number, opinion=form.cleaned_data["opinion"], by=request.actor), form, "opinion_form")


@require_POST
@needs(permissions.EDIT_VERSION)
def discard(request: HttpRequest, number: str) -> HttpResponse:
    return _answer(request, number, _("草稿 %(version)s 已作废。"), lambda: discard_version(version_number=number, by=request.actor))


@require_POST
@needs(permissions.EDIT_VERSION)
def rebase(request: HttpRequest, number: str) -> HttpResponse:
    return _answer(request, number, _("%(version)s 已改以最新发布的版本为基准。"), lambda: rebase_version(
        version_number=number, by=request.actor))


@require_POST
@needs(permissions.PUBLISH_VERSION)
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    return _answer(request, number, _("%(version)s 已撤销，不会生效。"), lambda: cancel_version(
        version_number=number, reason=form.cleaned_data["reason"], business_date=business_date.current(), by=request.actor),
        form, "reason_form")


@require_POST
@needs(permissions.PUBLISH_VERSION)
def restore(request: HttpRequest, number: str) -> HttpResponse:
    """Back to this version, at once."""
    form = ReasonForm(request.POST)
    code = queries.version_called(number).policy.code
    return _answer(request, number, _("已回退：%(version)s 自今天起生效。"), lambda: roll_back_policy(
        policy_code=code, to_number=number, reason=form.cleaned_data["reason"], business_date=business_date.current(),
        by=request.actor), form, "reason_form")
