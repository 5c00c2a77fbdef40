"""A decision's record as somebody may read it: without what must not reach the customer (`screening.silence`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chezhe.decisiontables.values import Table
from chezhe.kernel.actor import Actor
from chezhe.policies.models import PolicyVersion
from chezhe.risk.deciding import arms
from chezhe.risk.screening.silence import CODES, FACTS, may_know, spoken


def heard(told: Mapping[str, Any], by: Actor) -> dict[str, Any]:
    """The record for somebody's eyes; whole for whoever sees screenings or due diligence. What is left out is in no list, so that the
    rest reads as if it had never been asked."""
    if may_know(by):
        return dict(told)
    verdict = told["verdict"]
    hushed = {"reasons": spoken(verdict["reasons"]), "unknown": spoken(verdict["unknown"]), "stages": list(map(_stage, verdict["stages"]))}
    return dict(told) | {
        "facts": {code: one for code, one in told["facts"].items() if code not in FACTS}, "verdict": {**verdict, **hushed},
    }


def _stage(stage: Mapping[str, Any]) -> dict[str, Any]:
    return dict(stage) | {
        "reasons": spoken(stage["reasons"]), "unknown": spoken(stage["unknown"]), "rows": _rows(stage),
        "outputs": [[name, value] for name, value in stage["outputs"] if value not in CODES],
    }


def _rows(stage: Mapping[str, Any]) -> list[int]:
    """The rows that give nothing away; none of a table that can no longer be read."""
    if not stage["rows"]:
        return []
    table = _table(stage["content_hash"])
    return [row for row in stage["rows"] if table is not None and not is_silent(table, row)]


def _table(content_hash: str) -> Table | None:
    version = PolicyVersion.objects.filter(content_hash=content_hash).order_by("-id").first()
    if version is not None:
        return version.table
    tried = arms.table_called(content_hash)
    return None if tried is None else tried.table


def is_silent(table: Table, row: int) -> bool:
    """Whether a row (from one) asks for what must not be told, or answers with it."""
    if row > len(table.rules):
        return True
    rule = table.rules[row - 1]
    asks = any(column.name in FACTS and cell.strip() != "-" for column, cell in zip(table.inputs, rule.when, strict=True))
    return asks or any(cell.strip().strip('"') in CODES for cell in rule.then)
