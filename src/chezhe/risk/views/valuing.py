"""The value of a car as a panel of its page, and what is done from there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from chezhe.kernel import business_date, subjects
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.risk import permissions
from chezhe.risk.actions.begin_report import begin_report
from chezhe.risk.actions.confirm_value import confirm_value
from chezhe.risk.actions.value_vehicle import value_vehicle
from chezhe.risk.valuing import figures, flags, pages, queries
from chezhe.risk.valuing.forms import ReasonForm
from chezhe.risk.valuing.models import AppraiserReport, Valuing
from chezhe.ui.lists import Column, CustomFilter, DateRangeFilter, ListPage

HISTORY_SHOWN = 20
_LIMITED = ("taxi", "ride_hail")


@require_GET
@needs(permissions.VIEW_VALUES)
def panel(request: HttpRequest) -> HttpResponse:
    """Panel: what the car is worth, who said so, what is lent on it, what it will be worth, and what speaks against it."""
    subject = subjects.open_subject(request.GET.get("subject", ""), request.actor)
    rows = list(queries.of_vehicle(subject.number)[:HISTORY_SHOWN])
    return render(request, "risk/valuing_panel.html", _context(request, subject.number, rows))


def _context(request: HttpRequest, number: str, rows: list[Valuing]) -> dict[str, Any]:
    can, latest = request.actor.can, rows[0] if rows else None
    reports = AppraiserReport.objects.filter(vehicle__number=number)[:HISTORY_SHOWN]
    context: dict[str, Any] = {
        "number": number, "valuing": latest, "subject": f"vehicle:{number}", "history": rows[1:],
        "statuses": pages.VALUING_STATUSES, "reports": [(report, pages.REPORT_STATUSES[report.status]) for report in reports],
        "can_value": can(permissions.VALUE.code) and not (latest and latest.status == "gathering"),
        "can_appraise": can(permissions.APPRAISE.code),
        "can_confirm": can(permissions.CONFIRM_VALUE.code) and bool(latest and latest.status == "rechecking"), "reason_form": ReasonForm(),
    }
    return context | _figures(latest) if latest is not None and latest.status != "gathering" else context


def _figures(valuing: Valuing) -> dict[str, Any]:
    lines = pages.lines_of(valuing)
    refusing = [one["point"] for one in valuing.checked.get("points", ()) if one["point"] in flags.REFUSING and one["value"] is True]
    return {
        "status": pages.VALUING_STATUSES[valuing.status], "lines": lines, "sources_chart": pages.sources_chart(valuing, lines),
        "lending_chart": pages.lending_chart(valuing), "path_chart": pages.path_chart(valuing),
        "selling_chart": pages.selling_chart(valuing),
        "points": pages.points_of(valuing), "rollbacks": pages.rollbacks_of(valuing), "is_refused": bool(refusing),
        "haircut_rate": 1 - valuing.lending_value.fen / valuing.basis.fen if valuing.lending_value and valuing.basis else None,
        "months_to_scrap": _months_to_scrap(valuing),
    }


def _months_to_scrap(valuing: Valuing) -> int | None:
    if valuing.age_months is None:
        return None
    life = figures.on(valuing.valued_on).life_months_taxi
    usage = valuing.vehicle.usage_nature
    return flags.months_to_scrap(usage=usage, age_months=valuing.age_months, life_months=dict.fromkeys(_LIMITED, life))


@require_POST
@needs(permissions.VALUE)
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Ask every source."""
    return pressed(request, number, lambda: value_vehicle(
        vehicle_number=number, business_date=business_date.current(), by=request.actor), _("已向各来源询价，答复到齐后自动显示。"))


@require_POST
@needs(permissions.CONFIRM_VALUE)
def confirm(request: HttpRequest, number: str) -> HttpResponse:
    """Stand by a value whose sources differ."""
    valuing = Valuing.objects.visible_to(request.actor).select_related("vehicle").fetch(number)
    return pressed(request, valuing.vehicle.number, lambda: confirm_value(
        valuing_number=number, reason=request.POST.get("reason", ""), by=request.actor), _("综合价已确认，作为抵押率和放款价值的依据。"))


@require_POST
@needs(permissions.APPRAISE)
def begin(request: HttpRequest, number: str) -> HttpResponse:
    """Begin a report beside the car."""
    try:
        report = begin_report(vehicle_number=number, business_date=business_date.current(), by=request.actor)
    except BusinessError as refusal:
        messages.error(request, str(refusal))
        return _vehicle_page(number)
    return redirect("risk:appraisal", report.number)


def pressed(request: HttpRequest, number: str, act: Callable[[], Any], said: str) -> HttpResponse:
    """A button of the panel: what happened is told above the car's page. Out of reach is not found (404)."""
    subjects.open_subject(f"vehicle:{number}", request.actor)
    try:
        act()
    except BusinessError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return _vehicle_page(number)


def _vehicle_page(number: str) -> HttpResponse:
    response = redirect("vehicles:vehicle", number)
    response["Location"] += "?tab=valuing"
    return response


@require_GET
@needs(permissions.VIEW_VALUES)
def values(request: HttpRequest) -> HttpResponse:
    """Every valuation in reach."""
    open_ones = ("rechecking", "referred")
    return ListPage(
        title=gettext_lazy("综合评估"), queryset=Valuing.objects.visible_to(request.actor).listed("vehicle"),
        columns=[
            Column("number", gettext_lazy("评估编号"), kind="link", url=_tab_of, sortable=True),
            Column("status", gettext_lazy("状态"), kind="status", statuses=pages.VALUING_STATUSES),
            Column("vehicle.number", pgettext_lazy("list", "车辆"), kind="link",
                   url=lambda row: reverse("vehicles:vehicle", args=[row.vehicle.number])),
            Column("vehicle.title", gettext_lazy("车型"), phone=False),
            Column("value", gettext_lazy("综合价"), kind="money", sortable=True, total=False),
            Column("lending_value", gettext_lazy("放款价值"), kind="money", sortable=True, total=False),
            Column("spread_rate", gettext_lazy("来源间差异"), kind="rate", phone=False),
            Column("valued_on", gettext_lazy("评估日期"), kind="date", sortable=True),
            Column("asked_by_name", gettext_lazy("发起人"), phone=False),
        ],
        filters=[
            CustomFilter(
                name="status", label=gettext_lazy("状态"), choices=[("open", gettext_lazy("待复评")), *(
                    (key, one.label) for key, one in pages.VALUING_STATUSES.items())],
                narrow=lambda rows, value: rows.filter(status__in=open_ones if value == "open" else [value])),
            DateRangeFilter(name="valued", label=gettext_lazy("评估日期"), field="valued_on"),
        ],
        search=("number__istartswith", "vehicle__number__istartswith"), search_hint=gettext_lazy("评估编号、车辆编号"),
        default_sort="-number", file_name="valuations", empty_hint=gettext_lazy("在车辆页面的“估值”中发起综合评估。"),
    ).respond(request)


def _tab_of(row: Valuing) -> str:
    return f"{reverse('vehicles:vehicle', args=[row.vehicle.number])}?tab=valuing"
