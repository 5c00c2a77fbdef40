"""A decision's record as somebody may read it: without what must not reach the customer (`screening.silence`)."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

from chezhe.decisiontables.values import Table
from chezhe.kernel.actor import Actor
from chezhe.policies import queries as policy_queries
from chezhe.risk.deciding import arms
from chezhe.risk.screening.silence import CODES, FACTS, may_know, spoken


def heard(told: Mapping[str, Any], by: Actor) -> dict[str, Any]:
    """The record for somebody's eyes; whole for whoever sees screenings or due diligence. What is left out is in no list, so that the
    rest reads as if it had never been asked."""
    if may_know(by):
        return dict(told)
    verdict = told["verdict"]
    tables = _tables({stage["content_hash"] for stage in verdict["stages"] if stage["rows"]})
    hushed = {
        "reasons": spoken(verdict["reasons"]), "unknown": spoken(verdict["unknown"]),
        "stages": [_stage(stage, tables.get(stage["content_hash"])) for stage in verdict["stages"]],
    }
    return dict(told) | {
        "facts": {code: one for code, one in told["facts"].items() if code not in FACTS}, "verdict": {**verdict, **hushed},
    }


def _stage(stage: Mapping[str, Any], table: Table | None) -> dict[str, Any]:
    """The rows that give nothing away; none of a table that can no longer be read."""
    return dict(stage) | {
        "reasons": spoken(stage["reasons"]), "unknown": spoken(stage["unknown"]),
        "rows": [row for row in stage["rows"] if table is not None and not is_silent(table, row)],
        "outputs": [[name, value] for name, value in stage["outputs"] if value not in CODES],
    }


def _tables(hashes: Set[str]) -> dict[str, Table]:
    """What judged, by its hash: published, or tried."""
    published = {code: version.table for code, version in policy_queries.by_hashes(hashes).items()}
    tried = {code: arms.table_called(code) for code in hashes - published.keys()}
    return published | {code: found.table for code, found in tried.items() if found is not None}


def is_silent(table: Table, row: int) -> bool:
    """Whether a row (from one) asks for what must not be told, or answers with it."""
    if row > len(table.rules):
        return True
    rule = table.rules[row - 1]
    asks = any(column.name in FACTS and cell.strip() != "-" for column, cell in zip(table.inputs, rule.when, strict=True))
    return asks or any(cell.strip().strip('"') in CODES for cell in rule.then)
