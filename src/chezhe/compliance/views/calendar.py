"""The holiday calendar, year by year."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chezhe.compliance import permissions, queries
from chezhe.compliance.actions.confirm_holiday_year import confirm_holiday_year
from chezhe.compliance.actions.set_holiday import set_holiday
from chezhe.compliance.forms import DayForm, YearForm
from chezhe.compliance.seeds.holidays import YEAR_FIRST, YEAR_LAST
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError, NotFound

TONES = {"holiday": "good", "shift": "warning", "weekend": "neutral"}


@require_GET
@needs(permissions.VIEW)
def calendar_now(request: HttpRequest) -> HttpResponse:
    """The year the books are in."""
    return redirect("compliance:calendar_year", business_date.current().year)


@require_GET
@needs(permissions.VIEW)
def calendar_year(request: HttpRequest, year: int) -> HttpResponse:
    """Twelve months with holidays, working weekends and what is still provisional."""
    return _page(request, year, DayForm(first=business_date.current()), YearForm())


@require_POST
@needs(permissions.SET_HOLIDAY)
def set_day(request: HttpRequest, year: int) -> HttpResponse:
    """Set one day."""
    form = DayForm(request.POST, first=business_date.current())
    if form.is_valid():
        try:
            set_holiday(**form.cleaned_data, business_date=business_date.current(), by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("%(day)s 已更新。") % {"day": form.cleaned_data["day"]})
            return redirect("compliance:calendar_year", form.cleaned_data["day"].year)
    return _page(request, year, form, YearForm())


@require_POST
@needs(permissions.SET_HOLIDAY)
def confirm_year(request: HttpRequest, year: int) -> HttpResponse:
    """Take the year as announced."""
    form = YearForm(request.POST)
    if form.is_valid():
        try:
            count = confirm_holiday_year(year=year, source=form.cleaned_data["source"], by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("%(year)s 年的 %(count)s 个日子已确认。") % {"year": year, "count": count})
            return redirect("compliance:calendar_year", year)
    return _page(request, year, DayForm(first=business_date.current()), form)


def _page(request: HttpRequest, year: int, day_form: DayForm, year_form: YearForm) -> HttpResponse:
    if not YEAR_FIRST <= year <= YEAR_LAST:
        raise NotFound(what=year)
    months = queries.calendar_year(year)
    weeks = [(month, [cells[at : at + 7] for at in range(0, len(cells), 7)]) for month, cells in months]
    listed = [cell for _month, cells in months for cell in cells if cell.kind in ("holiday", "shift")]
    context = {
        "year": year, "months": weeks, "tones": TONES, "listed": listed, "day_form": day_form, "year_form": year_form,
        "is_provisional": any(cell.is_provisional for cell in listed), "can_set": request.actor.can(permissions.SET_HOLIDAY.code),
        "year_before": year - 1 if year > YEAR_FIRST else None, "year_after": year + 1 if year < YEAR_LAST else None,
    }
    return render(request, "compliance/calendar.html", context, status=422 if day_form.errors or year_form.errors else 200)
