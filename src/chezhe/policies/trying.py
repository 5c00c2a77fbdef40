"""Ask a table by hand: facts in, the answer and why every other row did not give it out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.decisiontables.results import Result
from chezhe.decisiontables.values import Column, Table, Type
from chezhe.finmath.money import Money
from chezhe.policies import labels, queries, wording
from chezhe.policies.models import PolicyVersion
from chezhe.policies.rules import ANY
from chezhe.ui import forms

_ONE_VALUE = re.compile(r'"([^"]*)"')
_UNKNOWN = gettext_lazy("不知道")


class NumberField(forms.TextField):
    """A number or a percentage: `0.45`, `45%`."""

    input_mode = "decimal"

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).replace(",", "").replace(" ", "")
        if not text:
            return None
        try:
            found = Decimal(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        except InvalidOperation:
            raise ValidationError(gettext_lazy("请填写数值，例如 0.45 或 45%。"), code="number_form") from None
        if not found.is_finite() or abs(found) >= 10**14:
            raise ValidationError(gettext_lazy("请填写数值，例如 0.45 或 45%。"), code="number_form")
        return found


class FactsForm(forms.Form):
    """A field for every fact the version asks about; what is left empty is unknown."""

    def __init__(self, version: PolicyVersion, data: Any = None, **named: Any) -> None:
        super().__init__(data, **named)
        headings = labels.titles(version.policy, version.table.inputs)
        for column in version.table.inputs:
            self.fields[f"fact_{column.name}"] = _field(column, headings[column.name])
        self.columns = version.table.inputs

    @property
    def facts(self) -> dict[str, Any]:
        """The facts that were given."""
        given = {column: self.cleaned_data.get(f"fact_{column.name}") for column in self.columns}
        return {column.name: _fact(column, value) for column, value in given.items() if value not in (None, "")}


def _field(column: Column, heading: str) -> Any:
    named: dict[str, Any] = {"label": heading, "required": False, "help_text": column.name}
    choices = [found[1] for value in column.values if (found := _ONE_VALUE.fullmatch(value))]
    if column.type == Type.BOOLEAN:
        choices = ["true", "false"]
    if choices:
        return forms.ChoiceField(choices=[(value, labels.value_word(value)) for value in choices], empty_label=_UNKNOWN, **named)
    if column.type == Type.INTEGER and column.unit == labels.FEN:
        return forms.MoneyField(minimum=None, **named)
    if column.type == Type.INTEGER:
        return forms.WholeField(unit=labels.UNITS.get(column.unit, column.unit), **named)
    if column.type == Type.NUMBER:
        return NumberField(max_length=24, **named)
    return forms.DateField(**named) if column.type == Type.DATE else forms.TextField(max_length=200, **named)


def _fact(column: Column, value: Any) -> Any:
    if column.type == Type.BOOLEAN:
        return value == "true"
    return value.fen if isinstance(value, Money) else value


def initial_of(version: PolicyVersion, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as the form begins with them."""
    typed = facts_of(version.table, facts)
    return {f"fact_{c.name}": _shown(c, typed[c.name]) for c in version.table.inputs if typed.get(c.name) is not None}


def _shown(column: Column, value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return Money(value) if column.unit == labels.FEN and isinstance(value, int) else value


def facts_of(table: Table, given: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as JSON has them, in the types of the table's columns: rates are text there. What does not fit stays, and is unknown."""
    types = {column.name: column.type for column in table.inputs}
    return {name: _typed(types.get(name), value) for name, value in given.items()}


def _typed(kind: Type | None, value: Any) -> Any:
    if kind is Type.NUMBER and isinstance(value, str):
        try:
            return Decimal(value)
        except InvalidOperation:
            return value
    return value


@dataclass(frozen=True, slots=True)
class Condition:
    """One cell of a row: the fact it asks about, in words, and whether it holds: `yes`, `no`, `unknown`."""

    heading: str
    words: str
    verdict: str
    found: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table under these facts: `state` is `hit`, `unsure`, `out`, or `shadowed` when an earlier row had answered."""

    number: int
    state: str
    conditions: Sequence[Condition]
    answers: Sequence[tuple[str, str]]
    note: str

    @property
    def because(self) -> Sequence[Condition]:
        """What kept the row from holding."""
        return [one for one in self.conditions if one.verdict != "yes"]


@dataclass(frozen=True, slots=True)
class Tried:
    """The answer and every row of the table."""

    result: Result
    answers: Sequence[Sequence[tuple[str, str]]]
    lines: Sequence[Line]
    unknown: Sequence[str]
    faults: Sequence[tuple[str, str]]

    @property
    def outcome(self) -> str:
        """In words."""
        said = {
            "matched": _("有结论"), "none": _("没有一行命中"), "refer": _("转人工：缺少信息"), "error": _("表自相矛盾，转人工"),
        }
        return said[str(self.result.outcome)]

    @property
    def tone(self) -> str:
        return {"matched": "good", "none": "info", "refer": "warning", "error": "danger"}[str(self.result.outcome)]


def ask(version: PolicyVersion, facts: Mapping[str, Any]) -> Tried:
    """What the version says of these facts, row by row. Raises TableError for a draft whose cells cannot be read."""
    result = queries.compiled(version).evaluate(facts)
    table, headings = version.table, labels.titles(version.policy, (*version.table.inputs, *version.table.outputs))
    told = result.outputs if isinstance(result.outputs, list) else [result.outputs] if result.outputs else []
    answers = [[(headings[c.name], labels.answer_words(c, row.get(c.name))) for c in table.outputs] for row in told]
    return Tried(
        result, answers, [_line(table, headings, result, number) for number in range(1, len(table.rules) + 1)],
        [headings.get(name, name) for name in result.unknown],
        [(headings[read.name], wording.reason_words(read.reason)) for read in result.trace.facts if read.reason not in ("", "missing")],
    )


def _line(table: Table, headings: Mapping[str, str], result: Result, number: int) -> Line:
    rule, trace = table.rules[number - 1], result.trace
    conditions = [
        Condition(headings[column.name], labels.cell_words(column, rule.when[place]), trace.cell(number, place),
                  _found(column, trace.facts[place].value))
        for place, column in enumerate(table.inputs) if rule.when[place].strip() not in ("", ANY)
    ]
    answers = [(headings[c.name], labels.cell_words(c, cell)) for c, cell in zip(table.outputs, rule.then, strict=True)]
    return Line(number, _state(result, number), conditions, answers, rule.note)


def _state(result: Result, number: int) -> str:
    if number in result.rows_hit:
        return "hit"
    if number in result.trace.rows_matching:
        return "shadowed"
    return "unsure" if number in result.trace.rows_unsure else "out"


def _found(column: Column, value: object) -> str:
    if value is None:
        return str(_UNKNOWN)
    return value.isoformat() if isinstance(value, date) else labels.answer_words(column, value)
