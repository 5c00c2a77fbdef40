"""A table as JSON, read strictly: known keys only, text where text belongs, sizes bounded. `sheets` does the same for XLSX."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chezhe.decisiontables.values import (
    CELL_LENGTH_MAX,
    COLUMNS_MAX,
    LETTERS,
    ROWS_MAX,
    VALUES_MAX,
    Column,
    HitPolicy,
    Place,
    Rule,
    Table,
    TableError,
    Type,
    check_shape,
)  # fmt: skip

TABLE_KEYS = ("name", "hit_policy", "inputs", "outputs", "rules")
COLUMN_KEYS = ("name", "type", "title", "values", "unit")
RULE_KEYS = ("when", "then", "note")


def from_json(value: object) -> Table:
    """The table of `{"name","hit_policy","inputs","outputs","rules"}`. Raises TableError; cells are not read yet."""
    given = _object(value, TABLE_KEYS, Place())
    policy = _text(given, "hit_policy", Place())
    if policy not in LETTERS and policy not in tuple(HitPolicy):
        raise TableError("unknown_policy", {"value": policy[:40], "known": ", ".join(HitPolicy)})
    inputs = tuple(_column(item, Place()) for item in _items(given, "inputs", COLUMNS_MAX, "too_many_columns", Place()))
    outputs = tuple(_column(item, Place()) for item in _items(given, "outputs", COLUMNS_MAX, "too_many_columns", Place()))
    rows = _items(given, "rules", ROWS_MAX, "too_many_rows", Place())
    rules = tuple(_rule(item, Place(number)) for number, item in enumerate(rows, 1))
    table = Table(_text(given, "name", Place()), HitPolicy(LETTERS.get(policy, policy)), inputs, outputs, rules)
    check_shape(table)
    return table


def to_json(table: Table) -> dict[str, Any]:
    """The JSON value of a table; what is empty and may be left out is left out. `from_json` gives the same table back."""
    return {
        "name": table.name,
        "hit_policy": table.hit_policy.value,
        "inputs": [_column_json(column) for column in table.inputs],
        "outputs": [_column_json(column) for column in table.outputs],
        "rules": [_rule_json(rule) for rule in table.rules],
    }


def read_xlsx(content: bytes) -> Table:
    """The table of a workbook's first sheet (`sheets.read_xlsx`). Raises TableError."""
    from chezhe.decisiontables import sheets

    return sheets.read_xlsx(content)


def write_xlsx(table: Table) -> bytes:
    """The workbook of a table (`sheets.write_xlsx`); reading it gives the same table back."""
    from chezhe.decisiontables import sheets

    return sheets.write_xlsx(table)


def _column_json(column: Column) -> dict[str, Any]:
    optional = {"title": column.title, "values": list(column.values), "unit": column.unit}
    return {"name": column.name, "type": column.type.value} | {key: value for key, value in optional.items() if value}


def _rule_json(rule: Rule) -> dict[str, Any]:
    return {"when": list(rule.when), "then": list(rule.then)} | ({"note": rule.note} if rule.note else {})


def _column(value: object, place: Place) -> Column:
    given = _object(value, COLUMN_KEYS, place)
    name = _text(given, "name", place)
    place = Place(0, name[:64])
    type = _text(given, "type", place)
    if type not in tuple(Type):
        raise TableError("unknown_type", {"value": type[:40], "known": ", ".join(Type)}, place)
    values = _texts(given, "values", VALUES_MAX, "too_many_values", place) if "values" in given else ()
    return Column(name, Type(type), _text(given, "title", place, ""), values, _text(given, "unit", place, ""))


def _rule(value: object, place: Place) -> Rule:
    given = _object(value, RULE_KEYS, place)
    when = _texts(given, "when", COLUMNS_MAX, "too_many_columns", place)
    then = _texts(given, "then", COLUMNS_MAX, "too_many_columns", place)
    return Rule(when, then, _text(given, "note", place, ""))


def _object(value: object, known: tuple[str, ...], place: Place) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise TableError("not_an_object", place=place)
    for key in value:
        if key not in known:
            raise TableError("unknown_key", {"key": str(key)[:40], "known": ", ".join(known)}, place)
    return value


def _text(given: Mapping[str, object], key: str, place: Place, default: str | None = None) -> str:
    value = given.get(key, default)
    if value is None:
        raise TableError("missing_key", {"key": key}, place)
    if not isinstance(value, str):
        raise TableError("not_text", {"key": key}, place)
    return value


def _items(given: Mapping[str, object], key: str, most: int, code: str, place: Place) -> list[object]:
    value = given.get(key)
    if value is None:
        raise TableError("missing_key", {"key": key}, place)
    if not isinstance(value, list):
        raise TableError("not_a_list", {"key": key}, place)
    if len(value) > most:
        raise TableError(code, {"max": most}, place)
    return value


def _texts(given: Mapping[str, object], key: str, most: int, code: str, place: Place) -> tuple[str, ...]:
    found = []
    for item in _items(given, key, most, code, place):
        if not isinstance(item, str):
            raise TableError("not_text", {"key": key}, place)
        if len(item) > CELL_LENGTH_MAX:
            raise TableError("cell_too_long", {"max": CELL_LENGTH_MAX}, place)
        found.append(item)
    return tuple(found)
