"""What a table must answer, by brute force: no masks, no classes, no third value. Every missing fact is tried with every value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from chezhe.decisiontables.closures import compile_table
from chezhe.decisiontables.parsed import Parsed
from chezhe.decisiontables.syntax import Comparison, Equal, Expression, InputCell, Literal, Null, Operand, Reference, Test
from chezhe.decisiontables.values import HitPolicy

MISSING = object()
Answer = tuple[str, Any, tuple[int, ...]]


def answer(parsed: Parsed, facts: Mapping[str, Any]) -> Answer:
    """Outcome, outputs and rows for facts that are all settled: a value, or MISSING once and for all."""
    hits = [row for row in range(len(parsed.table.rules)) if all(
        _cell_holds(column.cells[row], facts[column.column.name], facts) for column in parsed.inputs)]  # type: ignore[arg-type]
    if not hits:
        return "none", None, ()
    outputs = {row: [_output(output.cells[row], facts) for output in parsed.outputs] for row in hits}
    policy = parsed.table.hit_policy
    if policy is HitPolicy.UNIQUE and len(hits) > 1:
        return "error", None, ()
    if policy is HitPolicy.ANY:
        agree = all(outputs[row] == outputs[hits[0]] for row in hits)
        return ("matched", outputs[hits[0]], ()) if agree else ("error", None, ())
    if policy is HitPolicy.PRIORITY:
        winner = min(hits, key=lambda row: [
            output.allowed.index(value) for output, value in zip(parsed.outputs, outputs[row], strict=True) if output.allowed])
        return "matched", outputs[winner], (winner + 1,)
    if policy in (HitPolicy.FIRST, HitPolicy.UNIQUE):
        return "matched", outputs[hits[0]], (hits[0] + 1,)
    rows = tuple(row + 1 for row in hits)
    if policy.is_list:
        return "matched", [outputs[row] for row in hits], rows
    if policy is HitPolicy.COLLECT_COUNT:
        return "matched", [len(hits) for _ in parsed.outputs], rows
    over: dict[HitPolicy, Any] = {HitPolicy.COLLECT_SUM: sum, HitPolicy.COLLECT_MIN: min, HitPolicy.COLLECT_MAX: max}
    columns = [[outputs[row][place] for row in hits if outputs[row][place] is not None] for place in range(len(parsed.outputs))]
    return "matched", [over[policy](values) if values else None for values in columns], rows


def completions(parsed: Parsed, facts: Mapping[str, Any], domains: Mapping[str, list[Any]], rows: tuple[int, ...]) -> Iterator[dict[str, Any]]:
    """Every way in which the unknown facts may turn out; those that one of `rows` names as missing stay missing."""
    trace = compile_table(parsed.table).evaluate(facts).trace
    choices: list[list[Any]] = []
    for fact, column in zip(trace.facts, parsed.inputs, strict=True):
        if not fact.reason:
            choices.append([fact.value])
        elif fact.reason == "missing" and any(_names_missing(column.cells[row - 1]) for row in rows):  # type: ignore[arg-type]
            choices.append([MISSING])
        else:
            choices.append([*domains[fact.name], MISSING])
    for values in product(*choices):
        yield dict(zip((fact.name for fact in trace.facts), values, strict=True))


def _names_missing(cell: InputCell) -> bool:
    return not cell.negated and any(isinstance(test, Null) for test in cell.tests)


def _cell_holds(cell: InputCell, fact: Any, facts: Mapping[str, Any]) -> bool:
    if not cell.tests:
        return True
    if fact is MISSING:
        return _names_missing(cell)
    return any(_holds(test, fact, facts) for test in cell.tests) != cell.negated


def _holds(test: Test, fact: Any, facts: Mapping[str, Any]) -> bool:
    if isinstance(test, Null):
        return False
    if isinstance(test, Equal):
        return bool(fact == _value(test.operand, facts))
    if isinstance(test, Comparison):
        other = _value(test.operand, facts)
        if other is MISSING:
            return False
        return bool({"<": fact < other, "<=": fact <= other, ">": fact > other, ">=": fact >= other}[test.sign])
    low, high = _value(test.low, facts), _value(test.high, facts)
    if low is MISSING or high is MISSING:
        return False
    return bool((low < fact or (test.has_low and low == fact)) and (fact < high or (test.has_high and fact == high)))


def _value(operand: Operand, facts: Mapping[str, Any]) -> Any:
    return facts[operand.name] if isinstance(operand, Reference) else operand.value


def _output(cell: Expression | None, facts: Mapping[str, Any]) -> Any:
    """Literals, null, and a reference as it stands; sums are tested for themselves."""
    assert isinstance(cell, Literal | Reference | Null)
    if isinstance(cell, Null):
        return None
    return _value(cell, facts)
