"""Who may agree up to which amount, who is biased, and what was let pass."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from chezhe.approvals import kinds, permissions, queries
from chezhe.approvals.actions.declare_interest import declare_interest
from chezhe.approvals.actions.end_interest import end_interest
from chezhe.approvals.actions.propose_limit import propose_limit
from chezhe.approvals.choices import INTERESTS
from chezhe.approvals.forms import InterestForm, LimitForm, WhyForm
from chezhe.approvals.limiting import Proposed
from chezhe.approvals.models import Limit
from chezhe.approvals.states import LIMIT
from chezhe.kernel import business_date
from chezhe.kernel.actor import Actor
from chezhe.kernel.doors import needs
from chezhe.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage
from chezhe.ui.status import Status

_LIMIT_TONES = {"proposed": "warning", "in_force": "good", "rejected": "danger", "withdrawn": "neutral"}
_LIMITS = {status: Status(LIMIT.labels[status], tone) for status, tone in _LIMIT_TONES.items()}


def links_for(actor: Actor) -> list[tuple[Any, str, str]]:
    """What of it this actor may open, as buttons of the inbox."""
    found = [
        (_("例外台账"), "approvals:exceptions", "list-check", permissions.SEE_EXCEPTIONS),
        (_("审批权限"), "approvals:limits", "scale", permissions.SEE_LIMITS),
        (_("利益关系"), "approvals:interests", "users", permissions.DECLARE),
    ]
    return [(label, reverse(name), icon) for label, name, icon, permission in found if actor.can(permission.code)]


def _crumbs() -> list[tuple[Any, str]]:
    return [(_("进件与审批"), ""), (_("审批收件箱"), reverse("approvals:inbox"))]


@needs(permissions.SEE_LIMITS)
def limits(request: HttpRequest) -> HttpResponse:
    """Every limit that holds or was proposed, newest first."""
    may_propose = request.actor.can(permissions.PROPOSE_LIMIT.code)
    statuses = [(status, shown.label) for status, shown in _LIMITS.items()]
    return ListPage(
        title=_("审批权限"), queryset=queries.limits(), columns=[
            Column("number", _("编号"), kind="link", url=_request_of, sortable=True),
            Column("whose", _("角色或同事"), value=lambda row: row.whose),
            Column("kind", _("审批类型"), value=lambda row: str(kinds.find(row.kind).label), sortable=True),
            Column("branch", _("门店"), value=lambda row: row.branch.name if row.branch else _("全部")),
            Column("product", _("产品"), value=lambda row: row.product or _("全部")),
            Column("amount_max", _("可终审至"), kind="money", sortable=True, total=False),
            Column("starts_on", _("生效日"), kind="date", sortable=True),
            Column("proposed_by_name", _("提出人")), Column("settled_by_name", _("复核人")),
            Column("reason", pgettext("handling", "原因"), phone=False),
            Column("status", _("状态"), kind="status", statuses=_LIMITS, sortable=True),
        ],
        filters=[
            ChoiceFilter(name="kind", label=_("审批类型"), choices=kinds.choices),
            ChoiceFilter(name="status", label=_("状态"), choices=statuses),
        ],
        search=("number__icontains", "user__name__icontains", "product__icontains"), search_hint=_("编号、同事、产品"),
        default_sort="-number", breadcrumbs=_crumbs(), file_name="approval-limits",
        subtitle=_("同一角色、门店和产品以生效日较晚的为准；个人优先于角色。超过本人权限的，同意后再转有权限的人终审。"),
        actions=[(_("提出调整"), reverse("approvals:propose_limit"), "pencil")] if may_propose else [],
    ).respond(request)


def _request_of(row: Limit) -> str:
    return reverse("approvals:request", args=[row.request_number]) if row.request_number else ""


@needs(permissions.PROPOSE_LIMIT)
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Another limit, for a second person to agree to."""
    form = LimitForm(request.POST or None)
    if request.method == "POST" and form.carries_out(lambda: _propose(request, form.cleaned_data)):
        messages.success(request, _("已提交复核，另一位同事同意后生效。"))
        return redirect("approvals:limits")
    return _form(request, form, _("调整审批权限"), reverse("approvals:limits"))


def _propose(request: HttpRequest, given: dict[str, Any]) -> object:
    bound = Proposed(**{name: value for name, value in given.items() if name != "reason"})
    return propose_limit(bound=bound, reason=given["reason"], business_date=business_date.current(), by=request.actor)


@needs(permissions.DECLARE)
def interests(request: HttpRequest) -> HttpResponse:
    """What was declared: one's own, and everybody's for whoever watches over it."""
    is_overseer = request.actor.can(permissions.SEE_INTERESTS.code)
    may_end = request.actor.can(permissions.END_INTEREST.code)
    return ListPage(
        title=_("利益关系"), queryset=queries.interests(request.actor, is_overseer=is_overseer), columns=[
            Column("number", _("编号"), kind="link", sortable=True,
                   url=lambda row: reverse("approvals:end_interest", args=[row.number]) if may_end and row.ends_on is None else ""),
            Column("user", pgettext("approval", "同事"), value=lambda row: row.user.name),
            Column("subject_text", _("客户或车商"), value=lambda row: row.subject_text.partition(":")[2], kind="identifier"),
            Column("subject_label", _("名称")),
            Column("kind", _("关系"), value=lambda row: str(INTERESTS[row.kind]), sortable=True), Column("words", _("说明")),
            Column("starts_on", _("自"), kind="date", sortable=True), Column("ends_on", _("止"), kind="date", sortable=True),
            Column("declared_by_name", _("登记人")), Column("end_reason", _("终止原因"), shown=False),
        ],
        filters=[
            ChoiceFilter(name="kind", label=_("关系"), choices=list(INTERESTS.items())),
            DateRangeFilter(name="starts", label=_("登记日期"), field="starts_on"),
        ],
        search=("number__icontains", "user__name__icontains", "subject_text__icontains"), search_hint=_("编号、同事、客户或车商"),
        default_sort="-number", breadcrumbs=_crumbs(), file_name="interests",
        subtitle=_("登记后，本人不能审批涉及该客户或车商的任何一笔；涉及同事本人或近亲属的进件须上审贷会。"),
        actions=[(_("申报利益关系"), reverse("approvals:declare_interest"), "pencil")],
    ).respond(request)


@needs(permissions.DECLARE)
@require_http_methods(["GET", "POST"])
def declare(request: HttpRequest) -> HttpResponse:
    """An interest of one's own, or for whoever watches over it of a colleague."""
    form, on = InterestForm(request.POST or None), business_date.current()
    if request.method == "POST" and form.carries_out(lambda: declare_interest(**form.cleaned_data, business_date=on, by=request.actor)):
        messages.success(request, _("已登记，从现在起相关审批须回避。"))
        return redirect("approvals:interests")
    return _form(request, form, _("申报利益关系"), reverse("approvals:interests"))


@needs(permissions.END_INTEREST)
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, number: str) -> HttpResponse:
    """The interest is no more."""
    row = queries.interests(request.actor, is_overseer=True).fetch(number)
    form, on = WhyForm(request.POST or None), business_date.current()
    if request.method == "POST" and form.carries_out(
        lambda: end_interest(interest_number=row.number, reason=form.cleaned_data["reason"], business_date=on, by=request.actor)
    ):
        messages.success(request, _("%(number)s 已终止。") % {"number": row.number})
        return redirect("approvals:interests")
    return _form(request, form, _("终止利益关系：%(name)s · %(whom)s") % {"name": row.user.name, "whom": row.subject_label},
                 reverse("approvals:interests"))


@needs(permissions.SEE_EXCEPTIONS)
def exceptions(request: HttpRequest) -> HttpResponse:
    """The register of exceptions: what was let pass, by whom, for which case."""
    return ListPage(
        title=_("例外台账"), queryset=queries.exceptions(request.actor), columns=[
            Column("agreed_at", _("同意时间"), kind="moment", sortable=True),
            Column("number", _("审批编号"), kind="link", value=lambda row: row.request.number,
                   url=lambda row: reverse("approvals:request", args=[row.request.number])),
            Column("subject_text", _("对象"), value=lambda row: row.subject_text.partition(":")[2], kind="identifier"),
            Column("kind", _("类型"), value=lambda row: str(kinds.find(row.kind).label)),
            Column("code", _("例外代码"), sortable=True), Column("words", pgettext("approval", "例外")),
            Column("amount", _("金额"), kind="money", sortable=True, total=False),
            Column("branch", _("门店"), value=lambda row: row.branch.name if row.branch else _("总部")),
            Column("agreed_by_names", _("同意人")), Column("reason", _("意见"), phone=False),
        ],
        filters=[
            ChoiceFilter(name="kind", label=_("类型"), choices=kinds.choices),
            DateRangeFilter(name="agreed", label=_("同意日期"), field="agreed_at", moments=True),
        ],
        search=("request__number__icontains", "subject_text__icontains", "words__icontains"), search_hint=_("编号、对象、例外"),
        default_sort="-agreed_at", breadcrumbs=_crumbs(), file_name="exceptions",
        subtitle=_("每一笔获批时放行的例外，以及由谁同意；只增不改。"),
    ).respond(request)


def _form(request: HttpRequest, form: Any, title: Any, back: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": back}
    return render(request, "approvals/form.html", context, status=422 if request.method == "POST" else 200)
