"""The form that asks for one of several mortgaged cars to be released."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chezhe.kernel.doors import needs
from chezhe.servicing import coverage, permissions, requests
from chezhe.servicing.actions.request_vehicle_release import request_vehicle_release
from chezhe.servicing.forms import VehicleReleaseForm
from chezhe.servicing.views.asking import Asking, ask, news_of
from chezhe.servicing.views.loans import fetch


@require_http_methods(["GET", "POST"])
@needs(permissions.REQUEST_VEHICLE_RELEASE)
def vehicle_release(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for a car to go; what the others must cover is judged at once and again when it is agreed to."""
    held = [secured.vehicle for secured in coverage.registered(fetch(request, number))]
    cars = [(vehicle.number, f"{vehicle.number} {vehicle.title}") for vehicle in held]
    return ask(request, number, Asking(
        title=_("解押一辆车"), icon="shield-off", form=partial(VehicleReleaseForm, cars=cars),
        note=_("留下的车辆须有近期评估，评估合计须覆盖到期前的全部本息，剩余本金不得超过产品成数；同意后到登记机关办理并登记回执。"),
        read=lambda loan, v: news_of(loan, requests.vehicle_release(vehicle=v["vehicle"], reason=v["reason"])),
        act=lambda loan_number, v, by: request_vehicle_release(
            loan_number=loan_number, vehicle_number=v["vehicle"], reason=v["reason"], by=by),
    ))
