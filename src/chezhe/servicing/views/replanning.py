"""The forms that ask for another plan: due day, holiday, extension, restructuring. The new plan is shown first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from chezhe.finmath.terms import Method
from chezhe.kernel.doors import needs
from chezhe.servicing import permissions, requests
from chezhe.servicing.actions.request_due_day_change import request_due_day_change
from chezhe.servicing.actions.request_extension import request_extension
from chezhe.servicing.actions.request_holiday import request_holiday
from chezhe.servicing.actions.request_rate_change import request_rate_change
from chezhe.servicing.actions.request_restructuring import request_restructuring
from chezhe.servicing.forms import DueDayForm, ExtensionForm, HolidayForm, RateChangeForm, RestructuringForm
from chezhe.servicing.views.asking import Asking, ask, news_of

_DUE_DAY = Asking(
    title=_("变更还款日"), icon="calendar", form=DueDayForm, shows_plan=True,
    note=_("从本期起改到离原到期日最近、尚未到来的新还款日（前后一样近的取后一天）；本期利息按实际时间计，以后各期不变。"),
    read=lambda loan, v: news_of(loan, requests.due_day(due_day=v["due_day"], reason=v["reason"])),
    act=lambda number, v, by: request_due_day_change(loan_number=number, due_day=v["due_day"], reason=v["reason"], by=by),
)
_HOLIDAY = Asking(
    title=_("延期还款"), icon="player-pause", form=HolidayForm, shows_plan=True,
    note=_("延期期间不还款，利息照计，在之后第一期一并支付；以后各期顺延。"),
    read=lambda loan, v: news_of(loan, requests.holiday(months=v["months"], reason=v["reason"])),
    act=lambda number, v, by: request_holiday(loan_number=number, months=v["months"], reason=v["reason"], by=by),
)
_EXTENSION = Asking(
    title=_("展期"), icon="calendar", form=ExtensionForm, shows_plan=True,
    note=_("分期还款的贷款延长期数、减少每期金额；一次还本的贷款在最后一期内把本金展期，按月付息。担保人、非借款人的抵押人须书面同意，同意书先上传到“资料”。"),
    read=lambda loan, v: news_of(
        loan, requests.extension(months=v["months"], annual_rate=v["annual_rate"], reason=v["reason"])),
    act=lambda number, v, by: request_extension(
        loan_number=number, months=v["months"], annual_rate=v["annual_rate"], reason=v["reason"], by=by),
)
_RESTRUCTURING = Asking(
    title=_("重组"), icon="refresh", form=RestructuringForm, shows_plan=True, shows_dues=True,
    note=_("全部剩余本金按新的计划偿还；欠息平均摊入各期、不再计息，转出表内；罚息与复利仍须另行偿还或减免。重组后进入观察期。"),
    read=lambda loan, v: news_of(loan, requests.restructuring(
        method=Method(v["method"]), annual_rate=v["annual_rate"], periods=v["periods"], reason=v["reason"])),
    act=lambda number, v, by: request_restructuring(
        loan_number=number, method=Method(v["method"]), annual_rate=v["annual_rate"], periods=v["periods"], reason=v["reason"], by=by),
)


_RATE_CHANGE = Asking(
    title=_("利率调整"), icon="percentage", form=RateChangeForm, shows_plan=True,
    note=_("本期仍按原利率，从下一期起按新利率重排；罚息利率按产品约定不变或随之调整。"),
    read=lambda loan, v: news_of(loan, requests.rate_change(annual_rate=v["annual_rate"], reason=v["reason"])),
    act=lambda number, v, by: request_rate_change(loan_number=number, annual_rate=v["annual_rate"], reason=v["reason"], by=by),
)


@require_http_methods(["GET", "POST"])
@needs(permissions.REQUEST_PLAN_CHANGE)
def due_day(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for another day of the month."""
    return ask(request, number, _DUE_DAY)


@require_http_methods(["GET", "POST"])
@needs(permissions.REQUEST_PLAN_CHANGE)
def holiday(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for some months without instalments."""
    return ask(request, number, _HOLIDAY)


@require_http_methods(["GET", "POST"])
@needs(permissions.REQUEST_PLAN_CHANGE)
def extension(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for the loan to end later."""
    return ask(request, number, _EXTENSION)


@require_http_methods(["GET", "POST"])
@needs(permissions.REQUEST_RATE_CHANGE)
def rate_change(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for another rate."""
    return ask(request, number, _RATE_CHANGE)


@require_http_methods(["GET", "POST"])
@needs(permissions.REQUEST_RESTRUCTURING)
def restructuring(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for a new plan on the whole debt."""
    return ask(request, number, _RESTRUCTURING)
