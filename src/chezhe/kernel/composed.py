"""A query whose statement is composed once: what a hot path asks again and again, with other values.

Django composes a statement anew for every call, which costs more than PostgreSQL needs to answer one that looks up a key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models.query import ModelIterable, QuerySet, get_related_populators
from psycopg.types.json import Jsonb

from chezhe.kernel import prepared

M = TypeVar("M", bound=models.Model)
T = TypeVar("T")
# A text with its parameters.
Asked = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class _Statement:
    """`places` says where each value goes among the parameters, once or more; `compiler` knows what the columns mean, `names`
    and `populators` how they become an object and what it is related to."""

    text: str
    parameters: list[Any]
    marks: Sequence[Any]
    places: list[list[int]]
    compiler: Any
    converters: Any
    names: list[str]
    populators: Any


class Composed(Generic[M]):
    """`make(*marks)` builds the queryset around stand-ins: text, whole numbers or dates that occur in it for nothing else.

    `objects(*values)` asks with the real values and gives what the queryset would give, with relations and annotations; `rows` gives
    the columns of a `values_list`. Whatever else stands in the queryset is fixed. Of `marks` the last `optional` need not occur.
    """

    def __init__(self, make: Callable[..., QuerySet[M, Any]], *marks: Any, optional: int = 0) -> None:
        self._make, self._marks, self._optional = make, marks, optional
        self._known: _Statement | None = None  # nothing in it changes once it is made: every thread may use it

    def objects(self, *values: Any) -> list[M]:
        """The objects found, in the queryset's order."""
        statement = self._statement()
        return list(_objects(statement, self._ask(statement, values)))

    def rows(self, *values: Any) -> list[Sequence[Any]]:
        """The columns found, in the queryset's order."""
        return list(self._ask(self._statement(), values))

    def counting(self, *values: Any) -> Asked:
        """An expression for how many are found, with its parameters: `counts` asks several at once."""
        text, parameters = self.filled(*values)
        return (f"(SELECT count(*) FROM ({text}) found)", parameters) if text else ("0", [])  # noqa: S608 - composed by Django

    def filled(self, *values: Any) -> Asked:
        """The statement and its parameters, with the values where their stand-ins were; no text when nothing can be found."""
        statement = self._statement()
        parameters = list(statement.parameters)
        for mark, places, value in zip(statement.marks, statement.places, values, strict=True):
            for place in places:
                parameters[place] = _in_place_of(mark, parameters[place], value)
        return statement.text, parameters

    def converted(self, value: Any) -> Any:
        """What Django makes of the only column of a row; None stays None."""
        statement = self._statement()
        if value is None or not statement.converters:
            return value
        return next(iter(statement.compiler.apply_converters([[value]], statement.converters)))[0]

    def _ask(self, statement: _Statement, values: Sequence[Any]) -> Iterator[Sequence[Any]]:
        if not statement.text:
            return iter(())
        found = prepared.ask(*self.filled(*values))
        return iter(statement.compiler.apply_converters(found, statement.converters) if statement.converters else found)

    def _statement(self) -> _Statement:
        if self._known is None:
            self._known = self._compose()
        return self._known

    def _compose(self) -> _Statement:
        queryset = self._make(*self._marks)
        compiler = queryset.query.get_compiler(connection=connection)
        try:
            text, parameters = compiler.as_sql()
        except EmptyResultSet:  # whoever sees nothing finds nothing, and nothing is asked
            return _Statement("", [], self._marks, [[] for _mark in self._marks], compiler, None, [], ())
        places = [_places_of(mark, parameters) for mark in self._marks]
        self._require(places, parameters)
        columns = [column[0] for column in compiler.select[: compiler.col_count]]
        shape = _shape(compiler) if issubclass(queryset._iterable_class, ModelIterable) else ([], ())
        return _Statement(text, list(parameters), self._marks, places, compiler, compiler.get_converters(columns), *shape)

    def _require(self, places: list[list[int]], parameters: Sequence[Any]) -> None:
        """No stand-in is missing, and none is hidden in a larger value, where it would never be replaced."""
        taken = {place for mine in places for place in mine}
        rest = repr([value for at, value in enumerate(parameters) if at not in taken])
        for number, mark in enumerate(self._marks):
            is_optional = number >= len(self._marks) - self._optional
            if (not places[number] and not is_optional) or (is_optional and repr(mark) in rest):
                raise ValueError(f"the stand-in {mark!r} is not among {parameters!r}")


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """What finds one column of at most one row, with its values; `meaning` makes the answer of what was found, or of None."""

    composed: Composed[Any]
    values: tuple[Any, ...]
    meaning: Callable[[Any], T]

    def answer(self) -> T:
        """Asked alone."""
        answer: T = answers(self)[0]
        return answer


def answers(*questions: Question[Any]) -> list[Any]:
    """The answers to questions of different rooms, all asked by one statement: in one trip, and as of one moment."""
    filled = [question.composed.filled(*question.values) for question in questions]
    text = ", ".join(f"({text or 'NULL'})" for text, _parameters in filled)
    (found,) = prepared.ask(f"SELECT {text}", [value for _text, parameters in filled for value in parameters])
    return [question.meaning(question.composed.converted(value)) for question, value in zip(questions, found, strict=True)]


def composed_for(make: Callable[..., QuerySet[M, Any]], *marks: Any) -> Callable[[int], Composed[M]]:
    """`Composed` for each number of texts that `make` takes behind its marks: what an IN list asks for."""
    return cache(lambda count: Composed(make, *marks, *(f"?{number}" for number in range(count))))


def counts(asked: Sequence[Asked]) -> list[int]:
    """The answers of several `counting`, all by one statement."""
    if not asked:
        return []
    found = prepared.ask("SELECT " + ", ".join(text for text, _ in asked), [value for _, values in asked for value in values])
    return list(found[0])


def _in_place_of(mark: Any, parameter: Any, value: Any) -> Any:
    """The parameter with the value where its stand-in is; in a pattern of LIKE its own signs are taken literally."""
    if isinstance(parameter, Jsonb):
        return Jsonb([value])
    if isinstance(parameter, str) and parameter != mark:
        return parameter.replace(mark, connection.ops.prep_for_like_query(value))
    return value


def _places_of(mark: Any, parameters: Sequence[Any]) -> list[int]:
    """Where a stand-in is a parameter, the text of a pattern that is one, or the only element of such a JSON array."""
    return [at for at, value in enumerate(parameters) if _is(mark, value)]


def _is(mark: Any, value: Any) -> bool:
    if isinstance(value, Jsonb):
        return _is([mark], value.obj)
    return type(value) is type(mark) and (bool(value == mark) or (isinstance(mark, str) and value.strip("%") == mark))


def _shape(compiler: Any) -> tuple[list[str], Any]:
    """The attributes of the objects that a statement finds, and what sets those they are related to."""
    names = [compiler.select[place][0].target.attname for place in compiler.klass_info["select_fields"]]
    return names, get_related_populators(compiler.klass_info, compiler.select, "default")


def _objects(statement: _Statement, rows: Iterator[Sequence[Any]]) -> Iterator[Any]:
    """As `QuerySet` makes them of its rows."""
    compiler = statement.compiler
    kind, places = compiler.klass_info["model"], compiler.klass_info["select_fields"]
    first, last = places[0], places[-1] + 1
    for row in rows:
        made = kind.from_db("default", statement.names, row[first:last])
        for populator in statement.populators:
            populator.populate(row, made)
        for name, place in compiler.annotation_col_map.items():
            setattr(made, name, row[place])
        yield made
