"""One stage of the strategy over a whole relation: `deciding.tables` as columns.

A stage leaves these columns, its name before them: `verdict` (0 clear, 1 referred, 2 declined), `route` (place in ROUTES, -1 for none),
`reasons` (bits), `unknown_w` (bits of facts, 62 a word), `doubt` (it could not judge) and `exceptions` (a count).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

import ibis  # type: ignore[import-untyped]

from chezhe.decisiontables import ibis_rows
from chezhe.decisiontables.ibis_masks import BITS, bits_of, is_nothing, together
from chezhe.decisiontables.parsed import parse_strictly
from chezhe.decisiontables.syntax import Literal
from chezhe.decisiontables.values import Table
from chezhe.risk.deciding.values import DECLINE, DECLINED, DOUBLE, FRAUD, REFERRED, ROUTES, Policy

CLEAR, REFER, REJECT = 0, 1, 2
NO_ROUTE: Final = -1
PARTS: Final = ("verdict", "route", "reasons", "doubt", "exceptions")
_WORDS: Final = {"decline": DECLINED, "refer": REFERRED, "review": REFERRED, "": ""}
Expr = Any


@dataclass(frozen=True, slots=True)
class Words:
    """Which bit stands for which fact, and which for which reason."""

    facts: dict[str, int]
    reasons: dict[str, int]

    @property
    def count(self) -> int:
        return ibis_rows.word_count(self.facts)

    def reasons_of(self, codes: Iterable[str]) -> int:
        return sum(1 << self.reasons[code] for code in set(codes))


@ibis.udf.scalar.builtin(name="bit_count", signature=(("int64",), "int64"))  # type: ignore[untyped-decorator]
def _bit_count(bits: int) -> int:
    """How many bits are set: DuckDB and Spark call it by the same name."""
    raise NotImplementedError(bits)


def counted(words: Sequence[Expr]) -> Expr:
    """How many bits are set in all words."""
    return together(_bit_count(word).cast("int64") for word in words if not is_nothing(word))


def united(words: Iterable[Expr]) -> Expr:
    """The bits that are set in one of the words."""
    told = [word for word in words if not is_nothing(word)]
    return reduce(lambda one, other: one | other, told) if told else number(0)


def where(test: Expr, bits: Expr) -> Expr:
    """These bits where the test is true, elsewhere none."""
    return bits if is_nothing(bits) else test.ifelse(bits, number(0))


def number(value: int) -> Expr:
    """A literal BIGINT."""
    return ibis.literal(value, type="int64")


def either(tests: Sequence[Expr]) -> Expr:
    """True when one is true; false of none."""
    told = [test for test in tests if not test.equals(ibis.literal(False))]
    return reduce(lambda one, other: one | other, told) if told else ibis.literal(False)


def every(tests: Sequence[Expr]) -> Expr:
    """True when all are true; true of none."""
    return reduce(lambda one, other: one & other, tests) if tests else ibis.literal(True)


def name_of(stage: str, part: str) -> str:
    """The column of a stage in the relation that is worked on."""
    return f"_{stage}_{part}"


def part(relation: Any, stage: str, what: str) -> Expr:
    return relation[name_of(stage, what)]


def unknown_words(relation: Any, stage: str, words: Words) -> list[Expr]:
    return [part(relation, stage, f"unknown_{word}") for word in range(words.count)]


def lacking(relation: Any, words: Words, codes: Iterable[str]) -> list[Expr]:
    """The bits of those facts that the relation does not know, a word each."""
    codes, found = tuple(codes), []
    for word in range(words.count):
        here = (code for code in dict.fromkeys(codes) if words.facts[code] // BITS == word)
        found.append(bits_of((words.facts[code] % BITS, relation[code].isnull()) for code in here))
    return found


def is_any(words: Sequence[Expr]) -> Expr:
    return either([word != 0 for word in words if not is_nothing(word)])


def stands(relation: Any, stage: str, words: Words, *, verdict: Expr, doubt: Expr, unknown: Sequence[Expr] = (), **others: Expr) -> Any:
    """The relation with what a stage says; what is not told is nothing."""
    told = {"verdict": verdict, "doubt": doubt, "route": number(NO_ROUTE), "reasons": number(0), "exceptions": number(0)} | others
    told |= {f"unknown_{word}": unknown[word] if unknown else number(0) for word in range(words.count)}
    return relation.mutate(**{name_of(stage, what): column for what, column in told.items()})


# ---- a table ----------------------------------------------------------------------------------------------------


def ask(policy: Policy | None, name: str, relation: Any, words: Words, wanted: Sequence[str] = ()) -> Any:
    """The relation with what the table of a stage says, and the outputs that are wanted of it, null where it says none."""
    if policy is None:
        found = stands(relation, name, words, verdict=number(REFER), doubt=ibis.literal(True))
        return found.mutate(**{name_of(name, f"out_{one}"): ibis.null().cast("string") for one in wanted})
    table: Table = policy.table.table
    own = f"_asked_{name}_"
    asked = ibis_rows.compile_rows(table, words.facts, wanted)(relation, own)
    rows = _Rows(table, asked, own)
    unknown = [united([asked[f"{own}unknown_{word}"], asked[f"{own}absent_{word}"]]) for word in range(words.count)]
    no_row = ibis.literal(False) if policy.collects else rows.outcome == ibis_rows.NOTHING
    is_open = either([rows.outcome == ibis_rows.REFER, is_any(unknown), no_row])
    verdict = ibis.cases(
        (rows.has(lambda row: row.verdict == DECLINED), number(REJECT)),
        (either([rows.has(lambda row: row.verdict == REFERRED), is_open]), number(REFER)), else_=number(CLEAR),
    )
    answered = stands(
        asked, name, words, verdict=verdict, doubt=either([is_any(unknown), no_row]), unknown=unknown, route=_route(name, rows),
        reasons=_reasons(rows, words), exceptions=counted(rows.words),
    )
    outputs = {
        name_of(name, f"out_{one}"): asked[f"{own}out_{one}"] if f"{own}out_{one}" in asked.columns else ibis.null().cast("string")
        for one in wanted
    }
    kept = [column for column in answered.columns if not column.startswith(own)]
    return answered.mutate(**outputs).select(*kept, *outputs)


@dataclass(frozen=True, slots=True)
class _Row:
    """What one row of a table answers, as far as it stands there in words."""

    verdict: str
    reason: str
    route: str


class _Rows:
    """The rows that answer, as bits, and what they say. A row that only certainly holds while the table refers is read as it stands
    between quotes, as `deciding.tables` reads it."""

    def __init__(self, table: Table, asked: Any, own: str) -> None:
        self.outcome = asked[f"{own}outcome"]
        count = -(-len(table.rules) // BITS) or 1
        self.words = [asked[f"{own}rows_{word}"] for word in range(count)]
        self.matched, self.quoted = _matched_rows(table), _quoted_rows(table)

    def has(self, wanted: Callable[[_Row], bool]) -> Expr:
        """Whether a row that answers is of this kind."""
        matched, quoted = _mask(self.matched, wanted), _mask(self.quoted, wanted)
        if matched == quoted:
            return self._touches(matched)
        is_refer = self.outcome == ibis_rows.REFER
        return (is_refer & self._touches(quoted)) | (~is_refer & self._touches(matched))

    def _touches(self, mask: int) -> Expr:
        parts = [(place, mask >> (BITS * place) & ((1 << BITS) - 1)) for place in range(len(self.words))]
        return either([(self.words[place] & number(part)) != 0 for place, part in parts if part])


def _mask(rows: Sequence[_Row], wanted: Callable[[_Row], bool]) -> int:
    return sum(1 << place for place, row in enumerate(rows) if wanted(row))


def _matched_rows(table: Table) -> list[_Row]:
    parsed, found = parse_strictly(table), []
    for place in range(len(table.rules)):
        cells = {output.column.name: output.cells[place] for output in parsed.outputs}
        found.append(_row({name: str(cell.value) for name, cell in cells.items() if isinstance(cell, Literal)}))
    return found


def _quoted_rows(table: Table) -> list[_Row]:
    found = []
    for rule in table.rules:
        cells = {column.name: cell.strip() for column, cell in zip(table.outputs, rule.then, strict=True)}
        found.append(_row({name: cell[1:-1] for name, cell in cells.items() if cell.startswith('"') and cell.endswith('"')}))
    return found


def _row(said: dict[str, str]) -> _Row:
    route = said.get("route", "")
    return _Row(_WORDS.get(said.get("outcome", ""), REFERRED), said.get("reason", ""), route if route in ROUTES else "")


def reasons_in(policy: Policy) -> set[str]:
    """The codes that the rows of a table give."""
    return {row.reason for rows in (_matched_rows(policy.table.table), _quoted_rows(policy.table.table)) for row in rows if row.reason}


def _reasons(rows: _Rows, words: Words) -> Expr:
    codes = sorted({row.reason for row in (*rows.matched, *rows.quoted) if row.reason and row.verdict})
    return bits_of((words.reasons[code], rows.has(_gives(code))) for code in codes)


def _route(name: str, rows: _Rows) -> Expr:
    """The strictest way that a row asks for; a suspicion of fraud asks for two people."""
    asked = []
    for place in range(ROUTES.index(DECLINE), -1, -1):
        asked.append((rows.has(_asks_for(ROUTES[place], suspects=name == FRAUD and ROUTES[place] == DOUBLE)), number(place)))
    told = [(test, way) for test, way in asked if not test.equals(ibis.literal(False))]
    return ibis.cases(*told, else_=number(NO_ROUTE)) if told else number(NO_ROUTE)


def _gives(code: str) -> Callable[[_Row], bool]:
    return lambda row: row.reason == code and bool(row.verdict)


def _asks_for(way: str, *, suspects: bool) -> Callable[[_Row], bool]:
    return lambda row: row.route == way or (suspects and row.verdict == REFERRED)
