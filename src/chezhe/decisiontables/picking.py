"""From the rows that hit and those that might to the answer: one function a hit policy. The rules stand in `closures`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chezhe.decisiontables import sums
from chezhe.decisiontables.columns import CompiledColumn
from chezhe.decisiontables.facts import EXACT, MISSING
from chezhe.decisiontables.parsed import Parsed
from chezhe.decisiontables.results import FactRead, Outcome, Outputs, rows_of
from chezhe.decisiontables.syntax import Expression, Literal, Null, Value, references
from chezhe.decisiontables.values import HitPolicy, Type

# Why an evaluation ended as it did; the sentences stand in `sentences`.
FACT_UNKNOWN, NO_ANSWER, TWO_ROWS, TWO_ANSWERS = "fact_unknown", "division_by_zero", "rows_contradict", "answers_contradict"


@dataclass(frozen=True, slots=True)
class State:
    """The rows after all cells were judged, and how they came to it."""

    hits: int
    unsure: int
    read: list[FactRead]
    known: dict[str, Value]
    matching: list[int]
    unknown: list[int]
    columns: Sequence[CompiledColumn]

    def unsettled(self, winners: int) -> int:
        """The unsure rows, without those ruled out because a winner has named as missing what they ask for."""
        unsure = self.unsure
        if not unsure:
            return 0
        for place, column in enumerate(self.columns):
            if column.named & winners and self.read[place].reason == MISSING:
                unsure &= ~(self.unknown[place] | self._looking_at(column.name))
        return unsure

    def _looking_at(self, name: str) -> int:
        """The rows in which a cell that is unknown looks at the fact."""
        found = 0
        for place, column in enumerate(self.columns):
            for look in column.looks:
                if name in look.names:
                    found |= look.bit & self.unknown[place]
        return found

    def names_unknown(self, rows: int) -> tuple[str, ...]:
        """The facts that are unknown in a cell of these rows that cannot be told, in the order of the columns."""
        found = set()
        for place, column in enumerate(self.columns):
            if not self.unknown[place] & rows:
                continue
            if self.read[place].reason:
                found.add(column.name)
            for look in column.looks:
                if look.bit & rows & self.unknown[place]:
                    found.update(name for name in look.names if name not in self.known)
        return tuple(fact.name for fact in self.read if fact.name in found)


@dataclass(frozen=True, slots=True)
class Picked:
    """The answer without its trace."""

    outcome: Outcome
    outputs: Outputs | list[Outputs]
    rows: tuple[int, ...] = ()
    unknown: tuple[str, ...] = ()
    reason: str = ""
    unsure: int = 0


class Unknown(Exception):
    """An answer cannot be worked out: `names` are the facts that are needed, none for a division by zero."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(names)
        self.names = names


class Answers:
    """The output cells of a table, constants worked out once."""

    def __init__(self, parsed: Parsed) -> None:
        self.policy = parsed.table.hit_policy
        self.columns = [(output.column.name, output.column.type) for output in parsed.outputs]
        self._rows = [_row(parsed, row) for row in range(len(parsed.table.rules))]
        self.ranks = strengths(parsed) if self.policy is HitPolicy.PRIORITY else []

    def outputs(self, row: int, known: dict[str, Value]) -> Outputs:
        """The outputs of row 1…. Raises Unknown."""
        constants, worked_out = self._rows[row - 1]
        if not worked_out:
            return dict(constants)
        needed = [name for _name, _type, cell in worked_out for name in references(cell) if name not in known]
        if needed:
            raise Unknown(needed)
        found = dict(constants)
        for name, type, cell in worked_out:
            value = sums.result(cell, known, type)
            if value is None:
                raise Unknown([])
            found[name] = value
        return found


def _row(parsed: Parsed, row: int) -> tuple[Outputs, list[tuple[str, Type, Expression]]]:
    """Constants by name (the others None, to keep their place), and what is worked out."""
    constants: Outputs = {}
    worked_out: list[tuple[str, Type, Expression]] = []
    for output in parsed.outputs:
        cell, column = output.cells[row], output.column
        assert cell is not None
        constants[column.name] = None
        if isinstance(cell, Literal):
            constants[column.name] = sums.as_type(cell.value, column.type)
        elif not isinstance(cell, Null):
            worked_out.append((column.name, column.type, cell))
    return constants, worked_out


def strengths(parsed: Parsed) -> list[tuple[int, ...]]:
    """For each row how strong its outputs are: the smaller the stronger; its number last, so no two are equal."""
    ranked = [output for output in parsed.outputs if output.allowed]
    found = []
    for row in range(len(parsed.table.rules)):
        cells = [(output, output.cells[row]) for output in ranked]
        places = [o.allowed.index(sums.as_type(cell.value, o.column.type)) for o, cell in cells if isinstance(cell, Literal)]
        found.append((*places, row))
    return found


def _refer(state: State, rows: int, empty: Outputs | list[Outputs]) -> Picked:
    return Picked(Outcome.REFER, empty, (), state.names_unknown(rows), FACT_UNKNOWN, rows)


def _no_hit(state: State, empty: Outputs | list[Outputs]) -> Picked:
    return _refer(state, state.unsure, empty) if state.unsure else Picked(Outcome.NONE, empty)


def _answer(answers: Answers, state: State, row: int) -> Picked:
    """Matched by one row, or refer when its outputs cannot be worked out."""
    try:
        return Picked(Outcome.MATCHED, answers.outputs(row, state.known), (row,))
    except Unknown as error:
        return _no_answer(state, error.names, {})


def _all_outputs(answers: Answers, state: State, rows: tuple[int, ...]) -> tuple[list[Outputs], list[str] | None]:
    """The outputs that can be worked out, and of those that cannot the facts they need; None when all can."""
    found: list[Outputs] = []
    needed: list[str] | None = None
    for row in rows:
        try:
            found.append(answers.outputs(row, state.known))
        except Unknown as error:
            needed = [*(needed or ()), *error.names]
    return found, needed


def _no_answer(state: State, needed: list[str], empty: Outputs | list[Outputs]) -> Picked:
    names = tuple(fact.name for fact in state.read if fact.name in needed)
    return Picked(Outcome.REFER, empty, (), names, FACT_UNKNOWN if names else NO_ANSWER)


def first(answers: Answers, state: State) -> Picked:
    """FIRST."""
    if not state.hits:
        return _no_hit(state, {})
    winner = state.hits & -state.hits
    before = state.unsettled(winner) & (winner - 1)
    return _refer(state, before, {}) if before else _answer(answers, state, winner.bit_length())


def unique(answers: Answers, state: State) -> Picked:
    """UNIQUE."""
    hits = state.hits
    if not hits:
        return _no_hit(state, {})
    if hits & (hits - 1):
        return Picked(Outcome.ERROR, {}, rows_of(hits), (), TWO_ROWS)
    others = state.unsettled(hits)
    return _refer(state, others, {}) if others else _answer(answers, state, hits.bit_length())


def any_of(answers: Answers, state: State) -> Picked:
    """ANY."""
    if not state.hits:
        return _no_hit(state, {})
    rows = rows_of(state.hits)
    found, needed = _all_outputs(answers, state, rows)
    if any(outputs != found[0] for outputs in found):
        return Picked(Outcome.ERROR, {}, rows, (), TWO_ANSWERS)
    others = 0
    for row in rows_of(state.unsettled(state.hits)):
        if not found or not _would_give(answers, state, row, found[0]):
            others |= 1 << (row - 1)
    if others:
        return _refer(state, others, {})
    return Picked(Outcome.MATCHED, found[0], rows) if needed is None else _no_answer(state, needed, {})


def _would_give(answers: Answers, state: State, row: int, wanted: Outputs) -> bool:
    try:
        return answers.outputs(row, state.known) == wanted
    except Unknown:
        return False


def priority(answers: Answers, state: State) -> Picked:
    """PRIORITY."""
    if not state.hits:
        return _no_hit(state, {})
    ranks = answers.ranks
    row = min(rows_of(state.hits), key=lambda number: ranks[number - 1])
    stronger = 0
    for other in rows_of(state.unsettled(1 << (row - 1))):
        if ranks[other - 1] < ranks[row - 1]:
            stronger |= 1 << (other - 1)
    return _refer(state, stronger, {}) if stronger else _answer(answers, state, row)


def collect(answers: Answers, state: State) -> Picked:
    """COLLECT, RULE_ORDER and the sums over them. Lists are in the order of the rows."""
    empty: Outputs | list[Outputs] = [] if answers.policy.is_list else {}
    if not state.hits:
        return _no_hit(state, empty)
    others = state.unsettled(state.hits)
    if others:
        return _refer(state, others, empty)
    rows = rows_of(state.hits)
    if answers.policy is HitPolicy.COLLECT_COUNT:
        return Picked(Outcome.MATCHED, {name: len(rows) for name, _type in answers.columns}, rows)
    found, needed = _all_outputs(answers, state, rows)
    if needed is not None:
        return _no_answer(state, needed, empty)
    if answers.policy.is_list:
        return Picked(Outcome.MATCHED, found, rows)
    over = {name: _over(answers.policy, type, [one[name] for one in found]) for name, type in answers.columns}
    return Picked(Outcome.MATCHED, over, rows)


def _over(policy: HitPolicy, type: Type, values: list[Value | None]) -> Value | None:
    """Sum, minimum or maximum of what is not null; null of nothing."""
    given = [value for value in values if value is not None]
    if not given:
        return None
    if policy is not HitPolicy.COLLECT_SUM:
        return min(given) if policy is HitPolicy.COLLECT_MIN else max(given)
    total = EXACT.create_decimal(0)
    for value in given:
        total = EXACT.add(total, value)  # type: ignore[arg-type]
    return sums.as_type(total, type)


PICKS: dict[HitPolicy, Callable[[Answers, State], Picked]] = {
    **{policy: collect for policy in HitPolicy if policy.is_collecting},
    HitPolicy.FIRST: first,
    HitPolicy.UNIQUE: unique,
    HitPolicy.ANY: any_of,
    HitPolicy.PRIORITY: priority,
}
