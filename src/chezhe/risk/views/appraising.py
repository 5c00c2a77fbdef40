"""An appraiser's reports: the list, and one of them on the phone in the yard or on the desk afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs, require
from chezhe.kernel.errors import BusinessError
from chezhe.risk import permissions
from chezhe.risk.actions.add_report_photo import add_report_photo
from chezhe.risk.actions.discard_report import discard_report
from chezhe.risk.actions.save_report import save_report
from chezhe.risk.actions.set_report_aside import set_report_aside
from chezhe.risk.actions.submit_report import submit_report
from chezhe.risk.valuing import answering, pages, reporting
from chezhe.risk.valuing.forms import ReasonForm, ReportForm
from chezhe.risk.valuing.models import AppraiserRatio, AppraiserReport
from chezhe.ui import forms
from chezhe.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage


@require_GET
@needs(permissions.VIEW_VALUES)
def reports(request: HttpRequest) -> HttpResponse:
    """Every report in reach."""
    return ListPage(
        title=gettext_lazy("评估报告"), queryset=AppraiserReport.objects.visible_to(request.actor).select_related("vehicle"),
        columns=[
            Column("number", gettext_lazy("报告编号"), kind="link", url=lambda row: reverse("risk:appraisal", args=[row.number]),
                sortable=True),
            Column("status", gettext_lazy("状态"), kind="status", statuses=pages.REPORT_STATUSES),
            Column("vehicle.number", pgettext_lazy("list", "车辆"), kind="link",
                   url=lambda row: reverse("vehicles:vehicle", args=[row.vehicle.number])),
            Column("vehicle.title", gettext_lazy("车型"), phone=False),
            Column("amount", gettext_lazy("评估价"), kind="money", sortable=True, total=False),
            Column("mileage_km", gettext_lazy("里程（公里）"), kind="number", phone=False),
            Column("appraiser_name", gettext_lazy("评估师")),
            Column("valued_on", gettext_lazy("看车日期"), kind="date", sortable=True),
            Column("repeats", gettext_lazy("照片重复"), value=lambda row: len(row.repeats), kind="number", phone=False),
        ],
        filters=[
            ChoiceFilter(name="status", label=gettext_lazy("状态"), choices=[(key, one.label) for key,
                one in pages.REPORT_STATUSES.items()]),
            DateRangeFilter(name="valued", label=gettext_lazy("看车日期"), field="valued_on"),
        ],
        search=("number__istartswith", "vehicle__number__istartswith"), search_hint=gettext_lazy("报告编号、车辆编号"),
        default_sort="-number", file_name="appraiser-reports", empty_hint=gettext_lazy("在车辆页面的“估值”中开始填写报告。"),
    ).respond(request)


@require_http_methods(["GET", "POST"])
@needs(permissions.VIEW_VALUES)
def report(request: HttpRequest, number: str) -> HttpResponse:
    """One report: to fill in while it is a draft of one's own, to read otherwise. Sent, it is kept, and with `submit` submitted."""
    found = fetch(request, number)
    if request.method == "GET":
        return shown(request, found)
    require(request, permissions.APPRAISE)
    form, submits = ReportForm(request.POST, report=found), "submit" in request.POST
    act = submit_report if submits else save_report
    if not form.carries_out(lambda: act(
            report_number=number, seen=form.seen, business_date=business_date.current(), by=request.actor)):
        return shown(request, found, form=form)
    messages.success(request, _("报告已提交，可以发起综合评估。") if submits else _("已保存，可以继续拍照和填写。"))
    return redirect("risk:appraisal", number)


@require_POST
@needs(permissions.APPRAISE)
def photo(request: HttpRequest, number: str, category: str) -> HttpResponse:
    """One photo; the answer is its place in the checklist again."""
    return _done(request, number, lambda: add_report_photo(
        report_number=number, category_code=category, upload=request.FILES.get("file"), by=request.actor), anchor=category)


@require_POST
@needs(permissions.APPRAISE)
def discard(request: HttpRequest, number: str) -> HttpResponse:
    """Give up a draft."""
    return _done(request, number, lambda: discard_report(
        report_number=number, reason=request.POST.get("reason", ""), by=request.actor))


@require_POST
@needs(permissions.SET_ASIDE)
def set_aside(request: HttpRequest, number: str) -> HttpResponse:
    """Not to be believed."""
    return _done(request, number, lambda: set_report_aside(
        report_number=number, reason=request.POST.get("reason", ""), by=request.actor))


def _done(request: HttpRequest, number: str, act: Callable[[], Any], anchor: str = "") -> HttpResponse:
    fetch(request, number)
    try:
        act()
    except BusinessError as refusal:
        messages.error(request, str(refusal))
    response = redirect("risk:appraisal", number)
    response["Location"] += f"#{anchor}" if anchor else ""
    return response


def fetch(request: HttpRequest, number: str) -> AppraiserReport:
    """The report in reach; raises NotFound (404)."""
    return AppraiserReport.objects.visible_to(request.actor).select_related("vehicle", "vehicle__owner").fetch(number)


def shown(request: HttpRequest, found: AppraiserReport, form: forms.Form | None = None) -> HttpResponse:
    """The page, with a form that was refused in its place."""
    is_mine = found.appraiser_id in request.actor.user_ids and request.actor.can(permissions.APPRAISE.code)
    is_draft = found.status == "draft"
    context = {
        "report": found, "status": pages.REPORT_STATUSES[found.status], "shots": pages.shots_of(found), "vehicle": found.vehicle,
        "grades": pages.grades_of(found), "findings": pages.findings_of(found), "form": form or ReportForm(report=found),
        "can_write": is_mine and is_draft, "reason_form": ReasonForm(), "photos_missing": reporting.missing_photos(found),
        "can_set_aside": request.actor.can(permissions.SET_ASIDE.code) and found.status == "submitted" and not is_mine,
        "ratios": found.ratios.all(), "can_see_ratios": request.actor.can(permissions.VIEW_APPRAISERS.code),
        "can_value": request.actor.can(permissions.VALUE.code) and found.status == "submitted",
    }
    return render(request, "risk/appraisal.html", context, status=422 if form is not None and form.errors else 200)


@require_GET
@needs(permissions.VIEW_APPRAISERS)
def appraisers(request: HttpRequest) -> HttpResponse:
    """How right each appraiser has been, with how sure that is, and what the next report is corrected by."""
    mine = AppraiserRatio.objects.filter(report__in=AppraiserReport.objects.visible_to(request.actor))
    names = dict(mine.order_by("appraiser__name").values_list("appraiser_id", "appraiser__name"))
    found = answering.biases(names)
    rows = [(name, found[key]) for key, name in names.items()]
    return render(request, "risk/appraisers.html", {"rows": rows, "chart": pages.bias_chart(rows) if rows else None})
