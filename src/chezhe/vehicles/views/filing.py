"""Registering and correcting a car, its papers and its valuations."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.vehicles import choices, permissions
from chezhe.vehicles.actions.edit_vehicle import edit_vehicle
from chezhe.vehicles.actions.read_vehicle_paper import Told, read_vehicle_paper
from chezhe.vehicles.actions.record_paper import record_paper
from chezhe.vehicles.actions.record_valuation import record_valuation
from chezhe.vehicles.actions.register_vehicle import register_vehicle
from chezhe.vehicles.forms import ValuationForm, VehicleEditForm, VehicleForm, paper_form
from chezhe.vehicles.models import Vehicle


@require_http_methods(["GET", "POST"])
@needs(permissions.REGISTER)
def create(request: HttpRequest) -> HttpResponse:
    """A car of a customer who is on file."""
    form = VehicleForm(request.POST or None, initial={"owner_number": request.GET.get("owner", "")[:20]})
    if request.method == "GET" and request.GET.get("paper"):
        _begin_with_paper(form, read_vehicle_paper(document_number=request.GET["paper"], by=request.actor))
    if request.method == "POST" and form.is_valid():
        try:
            vehicle = register_vehicle(
                owner_number=form.cleaned_data["owner_number"], facts=form.facts(), business_date=business_date.current(), by=request.actor
            )
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return redirect("vehicles:vehicle", vehicle.number)
    return _page(request, form, _("登记车辆"), _("登记"))


def _begin_with_paper(form: VehicleForm, told: Told) -> None:
    """Fill the empty form with what was read, and mark what has to be held against the paper."""
    form.initial |= told.values | {"condition": "used"}
    for name in told.values:
        field = form.fields[name]
        note = _("识别把握不足，请对照原件。") if name in told.unsure else _("由识别填入，请核对。")
        field.help_text = f"{note}{field.help_text or ''}"


@require_http_methods(["GET", "POST"])
@needs(permissions.EDIT)
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Correct the file; what was there stays in the history."""
    vehicle = _fetch(request, number)
    form, status = VehicleEditForm(request.POST or None, vehicle=vehicle), 0
    if request.method == "POST" and form.is_valid():
        try:
            edit_vehicle(
                vehicle_number=number, version=form.cleaned_data["version"], changes=form.changes(),
                reason=form.cleaned_data["reason"], business_date=business_date.current(), by=request.actor,
            )
        except BusinessError as refusal:
            form.refuse(refusal)
            status = refusal.http_status
        else:
            messages.success(request, _("修改已保存，原内容保留在“修改记录”中。"))
            return redirect("vehicles:vehicle", number)
    return _page(request, form, _("修改车辆资料"), _("保存修改"), vehicle, status)


@require_http_methods(["GET", "POST"])
@needs(permissions.VALUE)
def value(request: HttpRequest, number: str) -> HttpResponse:
    """Record what the car is worth."""
    vehicle, today = _fetch(request, number), business_date.current()
    form = ValuationForm(request.POST or None, latest=today)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            record_valuation(
                vehicle_number=number, kind=given["source"], amount=given["amount"], valued_on=given["valued_on"],
                mileage_km=given["mileage_km"], note=given["note"], business_date=today, by=request.actor,
            )
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return _back(number, "valuations")
    return _page(request, form, _("录入评估价"), _("保存"), vehicle)


@require_http_methods(["GET", "POST"])
@needs(permissions.EDIT)
def paper(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """Take down what a paper says."""
    if kind not in choices.PAPER_FIELDS:
        raise Http404
    vehicle, form = _fetch(request, number), paper_form(kind, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            record_paper(vehicle_number=number, kind=kind, content=form.cleaned_data, by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return _back(number, "papers")
    return _page(request, form, dict(choices.PAPER_KINDS)[kind], _("保存"), vehicle)


def _fetch(request: HttpRequest, number: str) -> Vehicle:
    return Vehicle.objects.visible_to(request.actor).select_related("owner").fetch(number)


def _back(number: str, tab: str) -> HttpResponse:
    response = redirect("vehicles:vehicle", number)
    response["Location"] += f"?tab={tab}"
    return response


def _page(request: HttpRequest, form: Any, title: Any, submit: str, vehicle: Vehicle | None = None, status: int = 0) -> HttpResponse:
    context = {"form": form, "title": title, "submit": submit, "vehicle": vehicle}
    return render(request, "vehicles/form.html", context, status=status or (422 if form.errors else 200))
