"""The wizard: six steps that save themselves, and the submission."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.kernel import business_date, clock
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError, WrongState
from chezhe.origination import cars, labels, permissions, queries, rules, wizard
from chezhe.origination.actions.add_further_vehicle import add_further_vehicle
from chezhe.origination.actions.add_party import add_party
from chezhe.origination.actions.remove_further_vehicle import remove_further_vehicle
from chezhe.origination.actions.remove_party import remove_party
from chezhe.origination.actions.save_step import save_step
from chezhe.origination.actions.start_application import start_application
from chezhe.origination.actions.submit_application import submit_application
from chezhe.origination.forms import STEP_FORMS, FurtherVehicleForm, PartyForm, StartForm, StepForm
from chezhe.origination.labels import STATUSES
from chezhe.origination.models import Application
from chezhe.origination.revising import wanting, words
from chezhe.origination.revising.conflicts import EditConflict
from chezhe.origination.views import page
from chezhe.ui import formats
from chezhe.ui.parts import Step


@require_http_methods(["GET", "POST"])
@needs(permissions.WRITE)
def start(request: HttpRequest) -> HttpResponse:
    """Choose customer and product."""
    known = {"customer_number": request.GET.get("customer", ""), "lead_number": request.GET.get("lead", "")}
    form = StartForm(request.POST or None, initial=known, on=business_date.current())
    if request.method == "POST" and form.is_valid():
        try:
            made = start_application(business_date=business_date.current(), by=request.actor, **form.cleaned_data)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return redirect("origination:step", made.number, "party")
    context = {"form": form, "title": _("新建进件"), "submit": _("开始填写"), "back": reverse("origination:applications")}
    return render(request, "origination/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs(permissions.WRITE)
def step(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """One step; a POST saves it and goes on to the next one unless something was not understood."""
    row, on = page.fetch(request, number), business_date.current()
    if not row.is_editable:
        return redirect("origination:application", number)
    if request.method != "POST":
        return _show(request, row, step, wizard.form_for(row, step, on=on, by=request.actor))
    try:
        saved = _save(request, number, step)
    except BusinessError as refusal:
        form = STEP_FORMS[step](request.POST, application=row, on=on, by=request.actor) if step in STEP_FORMS else None
        if form is None:
            raise
        form.refuse(refusal)
        return _show(request, row, step, form, refusal.http_status, clash=_clash(request, row, step, refusal))
    if saved.draft.get(step):
        return _show(request, saved, step, wizard.form_for(saved, step, on=on, by=request.actor), 422)
    return redirect("origination:step", number, _after(step))


@require_POST
@needs(permissions.WRITE)
def autosave(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """Keep what is typed so far; answers with the new version and what was not understood."""
    try:
        saved = _save(request, number, step)
    except BusinessError as refusal:
        row = page.fetch(request, number)
        context = {"version": request.POST.get("version", ""), "refusal": str(refusal), **_clash(request, row, step, refusal)}
        return render(request, "origination/saved.html", context, status=422)
    form = wizard.form_for(saved, step, on=business_date.current(), by=request.actor)
    wrong = [(form[name].label, " ".join(map(str, found))) for name, found in form.errors.items()] if saved.draft.get(step) else []
    context = {"version": saved.version, "saved_at": formats.moment(clock.now()), "wrong": wrong}
    response = render(request, "origination/saved.html", context)
    response["HX-Trigger"] = "application-saved"
    return response


@require_GET
@needs(permissions.VIEW)
def missing(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """Part of a step: what is missing now, as papers and consents arrive."""
    row = page.fetch(request, number)
    return render(request, "origination/missing.html", _missing(row, step))


def _missing(row: Application, step: str) -> dict[str, Any]:
    gaps = queries.gaps(row, business_date.current())
    papers = ",".join(gap.what for gap in gaps if gap.code == "document_missing")
    return {"application": row, "step": step, "needed": papers, "lacking": {gap.step for gap in gaps}, "missing": [
        (labels.gap_words(gap), reverse("origination:step", args=[row.number, gap.step]), gap.step == step) for gap in gaps]}


def _save(request: HttpRequest, number: str, step: str) -> Application:
    fields = STEP_FORMS[step].base_fields if step in STEP_FORMS else ()
    version = request.POST.get("version", "")
    return save_step(
        application_number=number, step=step, version=int(version) if version.isdecimal() and len(version) < 9 else 0,
        values={name: request.POST[name] for name in fields if name in request.POST}, business_date=business_date.current(),
        by=request.actor,
    )


def _clash(request: HttpRequest, row: Application, step: str, refusal: BusinessError) -> dict[str, Any]:
    """What two people wrote into the same step, beside each other; nothing for any other refusal."""
    if not isinstance(refusal, EditConflict):
        return {}
    return {
        "conflicts": [words.conflict(one) for one in refusal.conflicts], "newest": refusal.version, "application": row, "step": step,
        "posted_version": request.POST.get("version", ""), "refusal": str(refusal),
    }


def _after(step: str) -> str:
    return rules.STEPS[min(rules.STEPS.index(step) + 1, len(rules.STEPS) - 1)]


def _show(
    request: HttpRequest, row: Application, step: str, form: StepForm, status: int = 200, party_form: PartyForm | None = None,
    clash: dict[str, Any] | None = None, further_form: FurtherVehicleForm | None = None,
) -> HttpResponse:
    on = business_date.current()
    place, lack = rules.STEPS.index(step), _missing(row, step)
    context = (page.figures_context(row, on) if step == "consents" else {}) | lack
    context |= {
        "form": form, "title": labels.step_label(step), "steps": _stepper(row, step, lack["lacking"]),
        "status": STATUSES[row.status], "is_typed": bool(form.fields),
        "previous": rules.STEPS[place - 1] if place else "", "next": _after(step) if step != "consents" else "",
        "parties": row.parties.select_related("customer"), "party_form": party_form or PartyForm(), "opinion": row.opinion,
        "people": [(person, ",".join(kinds)) for person, kinds in queries.consents_needed(row)],
        "is_complete": not lack["missing"], "gaps": [], "may_answer": True,
        "wanted": wanting.items(row) if row.status == "supplement" else [],
    }
    if step in ("vehicle", "documents"):
        context |= _several(request, row, on, further_form)
    context |= clash or {}
    return render(request, "origination/step.html", context, status=status)


def _several(request: HttpRequest, row: Application, on: date, form: FurtherVehicleForm | None) -> dict[str, Any]:
    """The further cars with what each counts for, what papers each has to show, and the form that adds one."""
    counted = cars.counted(row, on)
    return {
        "cars": cars.rows(row, queries.price_base(row, on), counted),
        "further_form": form or FurtherVehicleForm(application=row, by=request.actor),
        "car_papers": [(one.vehicle, ",".join(cars.papers_needed(row, one.vehicle))) for one in counted],
    }


def _stepper(row: Application, current: str, lacking: set[str]) -> list[Step]:
    return [
        Step(
            labels.step_label(step), "current" if step == current else "todo" if step in lacking else "done",
            _("还缺资料") if step in lacking else "", reverse("origination:step", args=[row.number, step]),
        )
        for step in rules.STEPS
    ]


@require_POST
@needs(permissions.WRITE)
def party(request: HttpRequest, number: str) -> HttpResponse:
    """Add somebody who stands beside the borrower."""
    row, form = page.fetch(request, number), PartyForm(request.POST)
    if form.is_valid():
        try:
            add_party(application_number=number, by=request.actor, **form.cleaned_data)
        except WrongState:
            raise
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return redirect("origination:step", number, "support")
    return _show(request, row, "support", wizard.form_for(row, "support", on=business_date.current(), by=request.actor), 422, form)


@require_POST
@needs(permissions.WRITE)
def part(request: HttpRequest, number: str, customer_number: str) -> HttpResponse:
    """Take somebody out again."""
    remove_party(application_number=number, customer_number=customer_number, by=request.actor)
    return redirect("origination:step", number, "support")


@require_POST
@needs(permissions.WRITE)
def further(request: HttpRequest, number: str) -> HttpResponse:
    """Add a further car that stands for the loan."""
    row = page.fetch(request, number)
    form = FurtherVehicleForm(request.POST, application=row, by=request.actor)
    if form.is_valid():
        try:
            add_further_vehicle(application_number=number, by=request.actor, **form.cleaned_data)
        except WrongState:
            raise
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return redirect("origination:step", number, "vehicle")
    step_form = wizard.form_for(row, "vehicle", on=business_date.current(), by=request.actor)
    return _show(request, row, "vehicle", step_form, 422, further_form=form)


@require_POST
@needs(permissions.WRITE)
def further_out(request: HttpRequest, number: str, vehicle_number: str) -> HttpResponse:
    """Take a further car out again."""
    remove_further_vehicle(application_number=number, vehicle_number=vehicle_number, by=request.actor)
    return redirect("origination:step", number, "vehicle")


@require_POST
@needs(permissions.WRITE)
def submit(request: HttpRequest, number: str) -> HttpResponse:
    """Hand it in; what is refused stands above the last step."""
    version = request.POST.get("version", "")
    try:
        submit_application(
            application_number=number, version=int(version) if version.isdecimal() and len(version) < 9 else 0,
            business_date=business_date.current(), by=request.actor,
        )
    except WrongState:
        raise
    except BusinessError as refusal:
        row, on = page.fetch(request, number), business_date.current()
        form = STEP_FORMS["consents"]({}, application=row, on=on, by=request.actor)
        form.refuse(refusal)
        return _show(request, row, "consents", form, refusal.http_status)
    messages.success(request, _("%(number)s 已提交初审。") % {"number": number})
    return redirect("origination:application", number)
