"""Asking one decision table, and reading its answer as a stage of the strategy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from chezhe.decisiontables.values import Table
from chezhe.risk.deciding.values import DECLINED, FRAUD, REFERRED, ROUTES, Policy, Stage, Strategy, Value

CLEAR: Final = "clear"
_OUTCOMES: Final = {"decline": DECLINED, "refer": REFERRED, "review": REFERRED, "": CLEAR}


def ask(strategy: Strategy, name: str, known: Mapping[str, Value]) -> Stage:
    """What the table of a stage says of the facts that are known."""
    policy = strategy.policies.get(name)
    if policy is None:
        return Stage(name=name, verdict=REFERRED, trouble="policy_missing")
    try:
        result = policy.table.evaluate(known)
    except Exception as broken:  # a published table that fails is a fault of ours: the case goes to a person and the record says so
        return _stage(name, policy, REFERRED, trouble=f"table_broken:{type(broken).__name__}")
    return _read(name, policy, result)


def only(strategy: Strategy, said: Stage, rows: tuple[int, ...], unknown: tuple[str, ...], trouble: str) -> Stage:
    """What a stage says by some of its rows alone."""
    policy = strategy.policies.get(said.name)
    hits = _plain_answers(policy, rows) if policy is not None else []
    return replace(
        said, verdict=_strictest(hits, is_open=bool(unknown or trouble)), rows=rows, unknown=unknown, trouble=trouble,
        outputs=_outputs(hits), reasons=_reasons(hits), route=_route(said.name, hits),
    )


def answers(table: Table) -> dict[str, tuple[str, ...]]:
    """By heading what the rows of a table answer, as it is typed in their cells."""
    headings = [column.name for column in table.outputs]
    return {name: tuple(rule.then[place].strip() for rule in table.rules) for place, name in enumerate(headings)}


def _read(name: str, policy: Policy, result: Any) -> Stage:
    rows = tuple(result.rows_hit) or _certain_rows(policy, result)
    hits, unknown = _hits(policy, result, rows), (*result.unknown, *_helped_by_absence(policy, result))
    told = {"rows": rows, "unknown": tuple(dict.fromkeys(unknown))}
    if result.outcome == "error":
        return _stage(name, policy, REFERRED, trouble="table_error", **told)
    if result.outcome == "none" and not policy.collects:
        return _stage(name, policy, REFERRED, trouble="no_row", **told)
    is_open = result.outcome not in ("matched", "none") or bool(unknown)
    return _stage(
        name, policy, _strictest(hits, is_open=is_open), outputs=_outputs(hits), reasons=_reasons(hits), route=_route(name, hits), **told,
    )


def _certain_rows(policy: Policy, result: Any) -> tuple[int, ...]:
    """Of a table that hears every row: those that hold although other rows cannot be told."""
    return tuple(result.trace.rows_matching) if policy.collects and result.outcome == "refer" else ()


def _hits(policy: Policy, result: Any, rows: tuple[int, ...]) -> list[Mapping[str, Any]]:
    """The answers of the rows that held."""
    if result.outcome == "refer":
        return _plain_answers(policy, rows)
    if isinstance(result.outputs, Mapping):
        return [result.outputs] if result.outputs else []
    return list(result.outputs)


def _plain_answers(policy: Policy, rows: Sequence[int]) -> list[Mapping[str, Any]]:
    """What rows answer in plain words, without those that say nothing so."""
    return [answer for answer in (_literals(policy, row) for row in rows) if answer]


def _literals(policy: Policy, row: int) -> dict[str, str]:
    """What a row answers in plain words; a sum is not worked out here, for what it needs may be unknown."""
    table = policy.table.table
    cells = zip(table.outputs, table.rules[row - 1].then, strict=True)
    return {column.name: cell.strip()[1:-1] for column, cell in cells if cell.strip().startswith('"') and cell.strip().endswith('"')}


def _helped_by_absence(policy: Policy, result: Any) -> list[str]:
    """The facts that the answer asks to be missing: a good answer by them is no answer, or hiding a fact could pay."""
    columns = policy.table.table.inputs
    absent = {place for place, fact in enumerate(result.trace.facts) if fact.reason}
    rules = [policy.table.table.rules[row - 1] for row in result.rows_hit]
    return [columns[place].name for place in sorted(absent) if any("null" in rule.when[place] for rule in rules)]


def _verdict(hit: Mapping[str, Any]) -> str:
    return _OUTCOMES.get(str(hit.get("outcome") or ""), REFERRED)


def _strictest(hits: Sequence[Mapping[str, Any]], *, is_open: bool) -> str:
    """A row that declines declines; what is open refers, and so does a row that wants a person."""
    verdicts = [_verdict(hit) for hit in hits]
    return DECLINED if DECLINED in verdicts else REFERRED if REFERRED in verdicts or is_open else CLEAR


def _reasons(hits: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(hit["reason"]) for hit in hits if hit.get("reason") and _verdict(hit) != CLEAR))


def _route(name: str, hits: Sequence[Mapping[str, Any]]) -> str:
    """The strictest way that a row asks for."""
    asked = [str(hit["route"]) for hit in hits if hit.get("route") in ROUTES]
    if name == FRAUD and any(_verdict(hit) == REFERRED for hit in hits):
        asked.append("double_review")
    return max(asked, key=ROUTES.index, default="")


def _outputs(hits: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    """What the table said, as text; of several rows only what the first said of a heading counts."""
    said: dict[str, str] = {}
    for hit in hits:
        for heading, value in hit.items():
            if value is not None:
                said.setdefault(heading, _text(value))
    return tuple(sorted(said.items()))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else str(value)


def _stage(name: str, policy: Policy, verdict: str, **told: Any) -> Stage:
    return Stage(name=name, verdict=verdict, policy=policy.code, version=policy.version, content_hash=policy.content_hash, **told)
