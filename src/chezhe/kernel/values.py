"""Frozen values into JSON and back: how a snapshot of terms, facts or a calculation is kept in one column."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

V = TypeVar("V")


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def to_json(value: Any) -> Any:
    """Decimals and dates become text, enums their values; `from_json(type(value), …)` gives an equal value back."""
    return _adapter(type(value)).dump_python(value, mode="json")


def from_json(kind: type[V], data: Any) -> V:
    """The value that `to_json` wrote. Raises pydantic's ValidationError for anything else."""
    value: V = _adapter(kind).validate_python(data)
    return value
