"""A relation that grows column by column, written down as a statement in as few selects as its sums need.

Ibis would put a select around the other for every `mutate`, each with every column, and follow each column back through all of them: of a
strategy that is a statement of many pages and seconds of writing. Here a column stands by itself, as an Ibis expression over others. The
statement leaves out what no answer hangs on, writes a column that is wanted once where it is wanted, and works out side by side whatever
does not wait for anything else. Every expression is printed by Ibis for the engine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import ibis  # type: ignore[import-untyped]
import sqlglot.expressions as sge
from ibis.backends.sql import compilers  # type: ignore[import-untyped]
from ibis.expr import operations as ops  # type: ignore[import-untyped]

from chezhe.risk.lab import engines

Expr = Any
_BELOW: Final = "t"


@dataclass(frozen=True, slots=True)
class _Made:
    """A column that is worked out, and how often its expression mentions which others."""

    op: Any
    mentions: Counter[str]


class _Columns(dict[str, _Made]):
    """All that was worked out so far, older before newer, and under which name; what is said twice is worked out once."""

    def __init__(self) -> None:
        super().__init__()
        self.names: dict[Any, str] = {}

    def add(self, op: Any, mentions: Counter[str]) -> None:
        self.names[op] = f"_{len(self)}"
        self[self.names[op]] = _Made(op, mentions)


class Layers:
    """A relation as the strategy is written over it: columns by name, `mutate` and `select`. Nothing is changed in place; all that grow
    from one relation share what was made."""

    def __init__(self, base: Any, made: _Columns, named: Mapping[str, Expr]) -> None:
        self._base, self._made, self._named = base, made, dict(named)

    @property
    def columns(self) -> list[str]:
        return list(self._named)

    def __getitem__(self, name: str) -> Expr:
        return self._named[name]

    def mutate(self, **columns: Expr) -> Layers:
        """The relation with these columns beside its own, or in their place."""
        return Layers(self._base, self._made, self._named | {name: self.keep(value) for name, value in columns.items()})

    def select(self, *names: str | Iterable[str], **columns: Expr) -> Layers:
        """Of its own columns these, and others beside them."""
        wanted = [one for told in names for one in ((told,) if isinstance(told, str) else told)]
        kept = {name: self._named[name] for name in wanted}
        return Layers(self._base, self._made, kept | {name: self.keep(value) for name, value in columns.items()})

    def keep(self, value: Expr) -> Expr:
        """The column that holds an expression; a constant, and what is a column already, stay what they are."""
        op = value.op()
        mentions = _mentions(op, {})
        if not mentions or isinstance(op, ops.Field):
            return value
        if op not in self._made.names:
            self._made.add(op, mentions)
        return _leaf(self._made.names[op], value.type())

    def statement(self, dialect: str) -> str:
        """The relation as one SQL statement."""
        return _Statement(self._base, self._made, self._named, dialect).text()


def over(relation: Any) -> Layers:
    """An Ibis table to grow from."""
    return Layers(relation, _Columns(), {name: _leaf(name, kind) for name, kind in relation.schema().items()})


def _leaf(name: str, kind: Any) -> Expr:
    return ibis.table({name: kind}, name=_BELOW)[name]


def _mentions(op: Any, seen: dict[Any, Counter[str]]) -> Counter[str]:
    """How often each column stands in an expression once it is written out."""
    if op not in seen:
        found: Counter[str] = Counter()
        if isinstance(op, ops.Field):
            found[op.name] += 1
        else:
            for child in _children(op.__args__):
                found.update(_mentions(child, seen))
        seen[op] = found
    return seen[op]


def _children(told: Any) -> Iterable[Any]:
    for one in told:
        if isinstance(one, ops.Node):
            yield one
        elif isinstance(one, tuple):
            yield from _children(one)


class _Statement:
    """Where each column is worked out: layer 0 is the relation below, the last one gives the answers."""

    def __init__(self, base: Any, made: Mapping[str, _Made], answers: Mapping[str, Expr], dialect: str) -> None:
        self.base, self.made, self.dialect = base, made, dialect
        self.answers = {name: value.op() for name, value in answers.items()}
        self.compiler = getattr(compilers, dialect).compiler
        self.wanted = self._count()
        self.written: dict[str, Any] = {}
        self.ready = self._place()

    def _count(self) -> Counter[str]:
        """How often each column is mentioned by what the answers hang on."""
        found: Counter[str] = Counter()
        for op in self.answers.values():
            found.update(_mentions(op, {}))
        # Every column is made from older ones.
        for name in reversed(self.made):
            if found[name]:
                found.update(self.made[name].mentions)
        return found

    def _is_inside(self, name: str) -> bool:
        """Whether a column is written where it is wanted, and not kept."""
        return name in self.made and self.wanted[name] == 1

    def _place(self) -> dict[str, int]:
        """The layer from which on each column is there; of one that is written inside another, the one from which it can be."""
        found: dict[str, int] = {}
        for name, made in self.made.items():
            if self.wanted[name]:
                found[name] = self._first(made.mentions, found) + (not self._is_inside(name))
        return found

    def _first(self, mentions: Iterable[str], ready: Mapping[str, int]) -> int:
        return max((ready.get(name, 0) for name in mentions), default=0)

    def text(self) -> str:
        last = 1 + max((self._first(_mentions(op, {}), self.ready) for op in self.answers.values()), default=0)
        new: dict[int, dict[str, Any]] = {layer: {} for layer in range(1, last)}
        for name, layer in self.ready.items():
            if not self._is_inside(name):
                new[layer][name] = self._sql(self.made[name].op)
            else:
                self.written[name] = self._sql(self.made[name].op)
        answers = {name: self._sql(op) for name, op in self.answers.items()}
        needed = self._needed(new, last)
        columns = [name for name in self.base.columns if needed.get(name)]
        found = engines.statement(self.base.select(columns), self.dialect)
        for layer in range(1, last):
            kept = [name for name, until in needed.items() if until > layer and self.ready.get(name, 0) < layer]
            found = self._select(found, kept, new[layer])
        return self._select(found, [], answers)

    def _needed(self, new: Mapping[int, Mapping[str, Any]], last: int) -> dict[str, int]:
        """The last layer that asks for each column."""
        found: dict[str, int] = {}

        def ask(mentions: Iterable[str], layer: int) -> None:
            for name in mentions:
                if self._is_inside(name):
                    ask(self.made[name].mentions, layer)
                else:
                    found[name] = max(found.get(name, 0), layer)

        for layer, columns in new.items():
            for name in columns:
                ask(self.made[name].mentions, layer)
        for op in self.answers.values():
            ask(_mentions(op, {}), last)
        return found

    def _select(self, below: str, kept: list[str], new: Mapping[str, Any]) -> str:
        compiler, own = self.compiler, [self._quoted(name) for name in kept]
        told = [f"{value.sql(dialect=compiler.dialect)} AS {self._quoted(name)}" for name, value in new.items()]
        return f"SELECT {', '.join([*own, *told])} FROM ({below}) AS {_BELOW}"  # noqa: S608 - every part is printed by Ibis

    def _quoted(self, name: str) -> str:
        found: str = sge.to_identifier(name, quoted=True).sql(dialect=self.compiler.dialect)
        return found

    def _sql(self, op: Any) -> Any:
        """An expression in the engine's words."""
        seen: dict[Any, Any] = {}

        def told(one: Any) -> Any:
            if isinstance(one, tuple):
                return tuple(told(part) for part in one)
            if not isinstance(one, ops.Node):
                return one
            if one not in seen:
                seen[one] = self._column(one.name) if isinstance(one, ops.Field) else self._visited(one, told)
            return seen[one]

        return told(op)

    def _visited(self, op: Any, told: Any) -> Any:
        # What Ibis first puts into other words for an engine is not put into them here.
        assert type(op) not in self.compiler.lowered_ops, type(op)
        return self.compiler.visit_node(op, **{name: told(value) for name, value in zip(op.__argnames__, op.__args__, strict=True)})

    def _column(self, name: str) -> Any:
        if self._is_inside(name):
            return sge.Paren(this=self.written.pop(name))
        return sge.column(name, quoted=True)
