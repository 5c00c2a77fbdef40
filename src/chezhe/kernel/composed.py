"""A query whose statement is composed once: what a hot path asks again and again, with other values.

Django composes a statement anew for every call, which costs more than PostgreSQL needs to answer one that looks up a key.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.models.query import QuerySet, get_related_populators

from chezhe.kernel import prepared

M = TypeVar("M", bound=models.Model)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Statement:
    """`places` says where each value goes among the parameters, once or more; `compiler` knows what the columns mean."""

    text: str
    parameters: list[Any]
    places: list[list[int]]
    compiler: Any
    converters: Any


class Composed(Generic[M]):
    """`make(*marks)` builds the queryset around stand-ins: text, whole numbers or dates that occur in it for nothing else.

    `objects(*values)` asks with the real values and gives what the queryset would give, with relations and annotations; `rows` gives
    the columns of a `values_list`. Whatever else stands in the queryset is fixed.
    """

    def __init__(self, make: Callable[..., QuerySet[M, Any]], *marks: Any) -> None:
        self._make, self._marks = make, marks
        self._mine = threading.local()  # a statement belongs to the connection of its thread

    def objects(self, *values: Any) -> list[M]:
        """The objects found, in the queryset's order."""
        statement = self._statement()
        return list(_objects(statement.compiler, self._ask(statement, values)))

    def rows(self, *values: Any) -> list[Sequence[Any]]:
        """The columns found, in the queryset's order."""
        return list(self._ask(self._statement(), values))

    def filled(self, *values: Any) -> tuple[str, list[Any]]:
        """The statement and its parameters."""
        statement = self._statement()
        parameters = list(statement.parameters)
        for places, value in zip(statement.places, values, strict=True):
            for place in places:
                parameters[place] = value
        return statement.text, parameters

    def converted(self, value: Any) -> Any:
        """What Django makes of the only column of a row; None stays None."""
        statement = self._statement()
        if value is None or not statement.converters:
            return value
        return next(iter(statement.compiler.apply_converters([[value]], statement.converters)))[0]

    def _ask(self, statement: _Statement, values: Sequence[Any]) -> Iterator[Sequence[Any]]:
        found = prepared.ask(*self.filled(*values))
        return iter(statement.compiler.apply_converters(found, statement.converters) if statement.converters else found)

    def _statement(self) -> _Statement:
        known: _Statement | None = getattr(self._mine, "statement", None)
        if known is None:
            known = self._mine.statement = self._compose()
        return known

    def _compose(self) -> _Statement:
        compiler = self._make(*self._marks).query.get_compiler(connection=connection)
        text, parameters = compiler.as_sql()
        places = [_places_of(mark, parameters) for mark in self._marks]
        columns = [column[0] for column in compiler.select[: compiler.col_count]]
        return _Statement(text, list(parameters), places, compiler, compiler.get_converters(columns))


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """What finds one column of at most one row, with its values; `meaning` makes the answer of what was found, or of None."""

    composed: Composed[Any]
    values: tuple[Any, ...]
    meaning: Callable[[Any], T]


def answers(*questions: Question[Any]) -> list[Any]:
    """The answers to questions of different rooms, all asked by one statement: in one trip, and as of one moment."""
    filled = [question.composed.filled(*question.values) for question in questions]
    text = ", ".join(f"({text})" for text, _parameters in filled)
    (found,) = prepared.ask(f"SELECT {text}", [value for _text, parameters in filled for value in parameters])
    return [question.meaning(question.composed.converted(value)) for question, value in zip(questions, found, strict=True)]


def composed_for(make: Callable[..., QuerySet[M, Any]], *marks: Any) -> Callable[[int], Composed[M]]:
    """`Composed` for each number of texts that `make` takes behind its marks: what an IN list asks for."""
    return cache(lambda count: Composed(make, *marks, *(f"?{number}" for number in range(count))))


def _places_of(mark: Any, parameters: Sequence[Any]) -> list[int]:
    places = [at for at, value in enumerate(parameters) if type(value) is type(mark) and value == mark]
    if not places:
        raise ValueError(f"the stand-in {mark!r} is not among {parameters!r}")
    return places


def _objects(compiler: Any, rows: Iterator[Sequence[Any]]) -> Iterator[Any]:
    """As `QuerySet` makes them of its rows."""
    kind, places = compiler.klass_info["model"], compiler.klass_info["select_fields"]
    first, last = places[0], places[-1] + 1
    names = [column[0].target.attname for column in compiler.select[first:last]]
    populators = get_related_populators(compiler.klass_info, compiler.select, "default")
    for row in rows:
        made = kind.from_db("default", names, row[first:last])
        for populator in populators:
            populator.populate(row, made)
        for name, place in compiler.annotation_col_map.items():
            setattr(made, name, row[place])
        yield made
