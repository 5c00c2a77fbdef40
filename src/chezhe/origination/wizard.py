"""Reading one step as somebody typed it: what is valid becomes a value, the rest is kept as typed. Reads, never writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.origination import errors
from chezhe.origination.forms import STEP_FORMS, StepForm
from chezhe.origination.models import Application


@dataclass(frozen=True, slots=True)
class Reading:
    """`values` are understood (None and empty text clear a field); `spoiled` maps the others to what was typed,
    `sentences` says why."""

    step: str
    values: dict[str, Any]
    spoiled: dict[str, str]
    sentences: dict[str, str]

    def refuse(self) -> None:
        """Raise Invalid (422) for the first field that was not understood."""
        for field, sentence in self.sentences.items():
            raise Invalid(field=field, code="step_value_invalid", sentence=sentence.replace("%", "%%"))


def read(application: Application, step: str, typed: Mapping[str, Any], *, on: date, by: Actor) -> Reading:
    """Judge what was typed in a step. Raises StepUnknown (404) or StepFieldUnknown (422); fields not sent stay as they are."""
    if step not in STEP_FORMS:
        raise errors.StepUnknown(step=step[:40])
    form = STEP_FORMS[step](dict(typed), application=application, on=on, by=by)
    for name in typed:
        if name not in form.fields:
            raise errors.StepFieldUnknown(field=str(name)[:40])
    form.full_clean()
    wrong = {name: " ".join(map(str, found)) for name, found in form.errors.items() if name in typed}
    return Reading(
        step, {name: form.cleaned_data[name] for name in typed if name not in wrong},
        {name: str(typed[name])[:200] for name in wrong}, wrong,
    )


def form_for(application: Application, step: str, *, on: date, by: Actor) -> StepForm:
    """The step as it stands: stored values, and what was typed and not understood with its sentence beside it."""
    if step not in STEP_FORMS:
        raise errors.StepUnknown(step=step[:40])
    spoiled = application.draft.get(step, {})
    stored = stored_values(application, step)
    blank = STEP_FORMS[step](initial=stored, application=application, on=on, by=by)
    if not spoiled:
        return blank
    said = {name: blank.fields[name].prepare_value(value) for name, value in stored.items()} | spoiled
    return STEP_FORMS[step](said, application=application, on=on, by=by)


def stored_values(application: Application, step: str) -> dict[str, Any]:
    """What is on file for the fields of a step."""
    version, vehicle = application.product_version, application.vehicle
    known: dict[str, Any] = {
        "product_code": version.product.code if version else "", "vehicle_number": vehicle.number if vehicle else "",
    }
    return {name: known[name] if name in known else getattr(application, name) for name in STEP_FORMS[step].base_fields}
