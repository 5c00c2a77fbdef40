"""Facts and answers of a decision table as JSON: a Decimal is written with its own digits, never by way of a binary float."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from chezhe.decisiontables.syntax import number_text


def as_json(value: object) -> object:
    """The same with dates as ISO text; `written` knows the Decimals."""
    if isinstance(value, Mapping):
        return {name: as_json(item) for name, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def written(value: object) -> str:
    """The JSON text of a value of dicts, lists, text, whole numbers, Decimals, booleans and null, as `json.dumps` would space it."""
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(str(key), ensure_ascii=False)}: {written(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(written(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)
