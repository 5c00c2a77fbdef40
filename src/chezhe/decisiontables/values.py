"""What a decision table is: frozen values that hold every cell as the text a person typed.

A table may be a draft with mistakes in it. `check_shape` refuses what is no table at all; `parsed.parse` reads the cells; `lint.lint`
names every mistake at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

ROWS_MAX = 2_000
COLUMNS_MAX = 60
VALUES_MAX = 200
CELL_LENGTH_MAX = 500
TEXT_LENGTH_MAX = 200
NAME_LENGTH_MAX = 64
# A number has at most so many digits before and after its point: every sum and product of two facts then fits DECIMAL(38, …).
WHOLE_DIGITS_MAX = 14
DECIMALS_MAX = 10


class Type(StrEnum):
    """What a fact or an answer may be."""

    NUMBER = "number"  # Decimal, at most 14 digits before and 10 after the point
    INTEGER = "integer"  # int, at most 14 digits; money is whole fen
    TEXT = "text"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"  # with a time zone


class HitPolicy(StrEnum):
    """Which of the rows that match give the answer (DMN 1.3 §8.2.10)."""

    FIRST = "FIRST"
    UNIQUE = "UNIQUE"
    ANY = "ANY"
    PRIORITY = "PRIORITY"
    RULE_ORDER = "RULE_ORDER"
    COLLECT = "COLLECT"
    COLLECT_SUM = "COLLECT_SUM"
    COLLECT_MIN = "COLLECT_MIN"
    COLLECT_MAX = "COLLECT_MAX"
    COLLECT_COUNT = "COLLECT_COUNT"

    @property
    def is_list(self) -> bool:
        """True when the answer is one set of outputs for every row hit."""
        return self in (HitPolicy.RULE_ORDER, HitPolicy.COLLECT)

    @property
    def is_collecting(self) -> bool:
        """True when every row that matches counts."""
        return self.is_list or self.value.startswith("COLLECT")


# The letters of DMN, as they stand in the corner of a printed table.
LETTERS = {
    "F": HitPolicy.FIRST, "U": HitPolicy.UNIQUE, "A": HitPolicy.ANY, "P": HitPolicy.PRIORITY, "R": HitPolicy.RULE_ORDER,
    "C": HitPolicy.COLLECT, "C+": HitPolicy.COLLECT_SUM, "C<": HitPolicy.COLLECT_MIN, "C>": HitPolicy.COLLECT_MAX,
    "C#": HitPolicy.COLLECT_COUNT,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a table: row 1… (0 for the head), the column's name ("" for the whole row or table)."""

    row: int = 0
    column: str = ""


class TableError(Exception):
    """A table or cell that cannot be read: a stable code of `sentences.SENTENCES`, its facts, and where."""

    def __init__(self, code: str, facts: Mapping[str, object] | None = None, place: Place | None = None) -> None:
        super().__init__(code, dict(facts or {}), place or Place())
        self.code = code
        self.facts = dict(facts or {})
        self.place = place or Place()

    def at(self, place: Place) -> TableError:
        """The same error, said of a place."""
        return TableError(self.code, self.facts, place)


@dataclass(frozen=True, slots=True)
class Column:
    """One fact asked for or one answer given.

    `values` of an input are the unary tests one of which every known fact must pass (`"new_car"`, `[0..120]`); a fact outside counts
    as unknown. `values` of an output are literals in order of priority, the first being the strongest.
    """

    name: str
    type: Type
    title: str = ""
    values: tuple[str, ...] = ()
    unit: str = ""

    def __post_init__(self) -> None:
        """Accept the plain word of a type; ValueError for a type that does not exist."""
        object.__setattr__(self, "type", Type(self.type))


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: a test for each input, an answer for each output."""

    when: tuple[str, ...]
    then: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table. Rows are counted from 1 everywhere."""

    name: str
    hit_policy: HitPolicy
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rules: tuple[Rule, ...] = field(default=())

    def __post_init__(self) -> None:
        """Accept the plain word of a hit policy or its letter in DMN; ValueError for one that does not exist."""
        object.__setattr__(self, "hit_policy", LETTERS.get(self.hit_policy) or HitPolicy(self.hit_policy))


def is_name(text: str) -> bool:
    """True for a name of a column: ASCII letters, digits and `_`, beginning with a letter."""
    plain = text.isascii() and text.replace("_", "a").isalnum() and text[:1].isalpha()
    return plain and len(text) <= NAME_LENGTH_MAX and text not in RESERVED


RESERVED = ("null", "true", "false", "not", "date", "and", "time", "min", "max", "floor")


def check_shape(table: Table) -> None:
    """Raise TableError for what is no table: sizes, names, rows of another width."""
    _check_text(table.name, TEXT_LENGTH_MAX, "bad_table_name", Place())
    if not table.name.strip() or "\n" in table.name:
        raise TableError("bad_table_name", {"max": TEXT_LENGTH_MAX})
    if not table.inputs or not table.outputs:
        raise TableError("no_columns")
    if len(table.inputs) + len(table.outputs) > COLUMNS_MAX:
        raise TableError("too_many_columns", {"max": COLUMNS_MAX})
    if len(table.rules) > ROWS_MAX:
        raise TableError("too_many_rows", {"max": ROWS_MAX})
    seen: set[str] = set()
    for column in (*table.inputs, *table.outputs):
        _check_column(column)
        if column.name in seen:
            raise TableError("column_twice", {"name": column.name}, Place(0, column.name))
        seen.add(column.name)
    for number, rule in enumerate(table.rules, 1):
        _check_rule(table, rule, number)


def _check_text(text: str, most: int, code: str, place: Place) -> None:
    """Refuse what is too long, and what no file could carry: control characters and halves of characters."""
    if len(text) > most:
        raise TableError(code, {"max": most}, place)
    for character in text:
        if (character < " " and character != "\n") or "\ud800" <= character <= "\udfff" or character in "\x7f\ufffe\uffff":
            raise TableError("unseen_character", {"code": f"U+{ord(character):04X}"}, place)


def _check_column(column: Column) -> None:
    place = Place(0, column.name[:NAME_LENGTH_MAX])
    if not is_name(column.name):
        raise TableError("bad_column_name", {"name": column.name[:NAME_LENGTH_MAX]}, place)
    _check_text(column.title, TEXT_LENGTH_MAX, "text_too_long", place)
    _check_text(column.unit, TEXT_LENGTH_MAX, "text_too_long", place)
    if len(column.values) > VALUES_MAX:
        raise TableError("too_many_values", {"max": VALUES_MAX}, place)
    for value in column.values:
        _check_text(value, CELL_LENGTH_MAX, "cell_too_long", place)
        if not value.strip() or "\n" in value:
            raise TableError("bad_values", place=place)


def _check_rule(table: Table, rule: Rule, number: int) -> None:
    if len(rule.when) != len(table.inputs) or len(rule.then) != len(table.outputs):
        raise TableError("row_width", {"inputs": len(table.inputs), "outputs": len(table.outputs)}, Place(number))
    _check_text(rule.note, CELL_LENGTH_MAX, "text_too_long", Place(number))
    for column, cell in zip((*table.inputs, *table.outputs), (*rule.when, *rule.then), strict=True):
        _check_text(cell, CELL_LENGTH_MAX, "cell_too_long", Place(number, column.name))
