"""The figures in force, their history, and how a new one comes into force."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.compliance import labels, permissions, queries
from chezhe.compliance.actions.approve_parameter import approve_parameter
from chezhe.compliance.actions.propose_parameter import propose_parameter
from chezhe.compliance.actions.reject_parameter import reject_parameter
from chezhe.compliance.forms import DecisionForm, FigureForm
from chezhe.compliance.models import ParameterChange
from chezhe.compliance.states import CHANGE
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs, require
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.ui.lists import ChoiceFilter, Column, ListPage, TextFilter
from chezhe.ui.status import Status

FIGURE_STATUSES = {
    "in_force": Status(gettext_lazy("生效中"), "good"), "ahead": Status(gettext_lazy("未生效"), "info"),
    "ended": Status(gettext_lazy("已失效"), "neutral"),
}
CHANGE_STATUSES = {
    "proposed": Status(CHANGE.labels["proposed"], "progress"), "approved": Status(CHANGE.labels["approved"], "good"),
    "rejected": Status(CHANGE.labels["rejected"], "danger"), "withdrawn": Status(CHANGE.labels["withdrawn"], "neutral"),
}
TEXT_MAX = 80


@require_GET
@needs(permissions.VIEW)
def parameters(request: HttpRequest) -> HttpResponse:
    """Every figure as it stands today."""
    text = request.GET.get("q", "")[:TEXT_MAX]
    rows = [(f, FIGURE_STATUSES[f.status]) for f in queries.figures(business_date.current(), text=text)]
    return render(request, "compliance/parameters.html", {"rows": rows, "text": text, "units": labels.UNITS})


@require_http_methods(["GET", "POST"])
@needs(permissions.VIEW)
def parameter(request: HttpRequest, code: str) -> HttpResponse:
    """One code: its rows over time, what is proposed, and the form to propose another."""
    history = queries.history_of(code)
    if not history:
        raise NotFound(what=code)
    if request.method == "POST":
        require(request, permissions.PROPOSE_PARAMETER)
    form = FigureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change = propose_parameter(
                figure=form.figure(code), reason=form.cleaned_data["reason"], business_date=business_date.current(), by=request.actor
            )
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("%(number)s 已提交，待另一位同事复核。") % {"number": change.number})
            return redirect("compliance:parameter_change", change.number)
    context = {
        "code": code, "label": labels.label_of(code), "rows": history, "units": labels.UNITS, "today": business_date.current(),
        "waiting": ParameterChange.objects.filter(code=code, status="proposed").order_by("-id"), "form": form,
        "licences": dict(labels.LICENCES), "can_propose": request.actor.can(permissions.PROPOSE_PARAMETER.code),
    }
    return render(request, "compliance/parameter.html", context, status=422 if form.errors else 200)


@require_GET
@needs(permissions.VIEW)
def changes(request: HttpRequest) -> HttpResponse:
    """What has been proposed, by whom, and what became of it."""
    return ListPage(
        title=_("参数调整"), queryset=ParameterChange.objects.all(),
        columns=[
            Column("number", _("编号"), kind="link", url=lambda c: reverse("compliance:parameter_change", args=[c.number]), sortable=True),
            Column("code", _("参数"), value=lambda c: labels.label_of(c.code)),
            Column("value", _("数值")), Column("effective_from", _("生效日"), kind="date", sortable=True),
            Column("proposed_by_name", _("提议人")), Column("proposed_at", _("提议时间"), kind="moment", sortable=True, phone=False),
            Column("decided_by_name", _("复核人")), Column("status", _("状态"), kind="status", statuses=CHANGE_STATUSES),
        ],
        filters=[
            ChoiceFilter(name="status", label=_("状态"), choices=[(k, s.label) for k, s in CHANGE_STATUSES.items()]),
            TextFilter(name="code", label=_("参数代码")),
        ],
        search=("number__icontains", "code__icontains"), search_hint=_("编号或参数代码"), default_sort="-proposed_at",
        breadcrumbs=[(_("监管参数"), reverse("compliance:parameters"))], file_name="parameter-changes",
    ).respond(request)


@require_GET
@needs(permissions.VIEW)
def parameter_change(request: HttpRequest, number: str) -> HttpResponse:
    """One proposal, with the second person's buttons."""
    return _change_page(request, number, DecisionForm())


@require_POST
@needs(permissions.APPROVE_PARAMETER)
def decide_parameter(request: HttpRequest, number: str) -> HttpResponse:
    """Agree or refuse."""
    form = DecisionForm(request.POST)
    if form.is_valid():
        decide = approve_parameter if form.cleaned_data["verdict"] == "agree" else reject_parameter
        try:
            decide(change_number=number, opinion=form.cleaned_data["opinion"], by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return redirect("compliance:parameter_change", number)
    return _change_page(request, number, form)


def _change_page(request: HttpRequest, number: str, form: DecisionForm) -> HttpResponse:
    change = queries.parameter_change(number)
    context = {
        "change": change, "status": CHANGE_STATUSES[change.status], "label": labels.label_of(change.code),
        "unit": labels.UNITS[change.unit], "licence": dict(labels.LICENCES).get(change.licence_type, ""), "form": form,
        "can_decide": change.status == "proposed" and request.actor.can(permissions.APPROVE_PARAMETER.code),
        "is_own": change.proposed_by_id in request.actor.user_ids,
    }
    return render(request, "compliance/parameter_change.html", context, status=422 if form.errors else 200)
