"""Personal-data classes of JR/T 0171-2020 and the register of every model field.

C3: authentication secrets, never shown. C2: identifies a person or their money, encrypted or masked.
C1: internal. PUBLIC: says nothing of a person. A field that can hold text must say which it is;
numbers, dates, booleans, links and fields with fixed choices are C1 unless they say otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

PUBLIC, C1, C2, C3 = "public", "C1", "C2", "C3"
CLASSES = (PUBLIC, C1, C2, C3)

_PLAIN = (
    models.BooleanField, models.IntegerField, models.DecimalField, models.DateField, models.DateTimeField,
    models.ForeignKey, models.ManyToManyField, models.UUIDField, models.GenericIPAddressField, models.DurationField,
)


@dataclass(frozen=True, slots=True)
class FieldTag:
    """One row of the register: `privacy_class` is None when the field has not been tagged."""

    room: str
    model: str
    field: str
    privacy_class: str | None
    encrypted: bool


def register() -> Iterator[FieldTag]:
    """Every field of every model of ours, with its class."""
    for model in apps.get_models():
        if not model.__module__.startswith("chezhe."):
            continue
        for field in model._meta.get_fields():
            if isinstance(field, models.Field):
                yield FieldTag(
                    model._meta.app_label, model.__name__, field.name, class_of(field), getattr(field, "encrypted", False)
                )


def class_of(field: models.Field[Any, Any]) -> str | None:
    tag = getattr(field, "privacy", None)
    if tag is not None:
        return str(tag)
    if field.choices or isinstance(field, _PLAIN):
        return C1
    return None


def untagged() -> list[str]:
    """`room.Model.field` of each field that could hold a person's data and does not say its class."""
    return [f"{t.room}.{t.model}.{t.field}" for t in register() if t.privacy_class not in CLASSES]
