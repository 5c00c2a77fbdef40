"""What a car's paper says, in the fields of a registration: only what is right in itself."""

from __future__ import annotations

from typing import Any

from chezhe.documents.models import PaperReading
from chezhe.documents.reading import judging, queries

_FIELDS = {
    "vin": "vin", "plate": "plate", "engine_no": "engine_no", "brand": "brand", "model": "model", "colour": "colour",
    "registered_on": "first_registered_on",
}
_KINDS = ("vehicle_licence", "registration_certificate")


def values_of(reading: PaperReading) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Field of the form → value, and which of them the reader was not sure of. Nothing for a paper of another kind."""
    values: dict[str, Any] = {}
    unsure = []
    for field in reading.read_fields.all() if reading.kind in _KINDS and reading.status == "read" else ():
        name, judged_as = _FIELDS.get(field.name), queries.catalogue.FIELDS[reading.kind][field.name].judged_as
        if name is None or judging.fault(judged_as, field.value):
            continue
        values[name] = judging.day_of(field.value) if judged_as == "day" else field.value
        if not field.is_sure:
            unsure.append(name)
    if reading.kind == "vehicle_licence" and "model" in values:
        values["brand"], values["model"] = _parted(str(values["model"]))
    return values, tuple(unsure)


def _parted(text: str) -> tuple[str, str]:
    """The brand with its last character, and the model behind it."""
    brand, mark, model = text.partition(queries.catalogue.BRAND_ENDS)
    return (brand + mark, model) if mark else ("", text)
