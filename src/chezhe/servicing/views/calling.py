"""The forms that call a loan in, or give it up in the books."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from chezhe.kernel.doors import needs
from chezhe.servicing import permissions, requests
from chezhe.servicing.actions.request_acceleration import request_acceleration
from chezhe.servicing.actions.request_write_off import request_write_off
from chezhe.servicing.forms import ReasonForm
from chezhe.servicing.views.asking import Asking, ask, news_of

_ACCELERATION = Asking(
    title=_("宣布提前到期"), icon="alarm", form=ReasonForm, shows_dues=True,
    note=_("全部剩余本金立即到期，本期利息算到当日；到期未还的本金按罚息利率计息。先向借款人和担保人发出书面通知。"),
    read=lambda loan, v: news_of(loan, requests.acceleration(reason=v["reason"])),
    act=lambda number, v, by: request_acceleration(loan_number=number, reason=v["reason"], by=by),
)
_WRITE_OFF = Asking(
    title=_("核销"), icon="trash", form=ReasonForm, shows_dues=True,
    note=_("本金与费用冲减贷款损失准备，利息转表外；债权保留（账销案存），以后收到的款项记为核销后收回。"),
    read=lambda loan, v: news_of(loan, requests.write_off(reason=v["reason"])),
    act=lambda number, v, by: request_write_off(loan_number=number, reason=v["reason"], by=by),
)


@require_http_methods(["GET", "POST"])
@needs(permissions.REQUEST_ACCELERATION)
def acceleration(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for the whole loan to be called in."""
    return ask(request, number, _ACCELERATION)


@require_http_methods(["GET", "POST"])
@needs(permissions.REQUEST_WRITE_OFF)
def write_off(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for a loan to be written off."""
    return ask(request, number, _WRITE_OFF)
