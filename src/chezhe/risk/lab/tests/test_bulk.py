"""The strategy over a relation is the strategy of one case, row by row."""

from __future__ import annotations

from random import Random
from typing import Any

import ibis  # type: ignore[import-untyped]
import pytest

from chezhe.risk.deciding.rules import decide
from chezhe.risk.deciding.values import Case, Verdict
from chezhe.risk.lab import bulk, engines, rows
from chezhe.risk.lab.tests.random_strategies import case, strategy
from chezhe.risk.tests.deciding.cases import GOOD

CASES = 250


def answers(cases: list[Case]) -> list[dict[str, Any]]:
    """What DuckDB answers for all of them at once, in their order."""
    judge = bulk.judge(cases[0].strategy)
    codes = sorted({code for one in cases for code in one.facts} | set(GOOD))
    told = rows.table([{"id": place} | rows.row_of(one) for place, one in enumerate(cases)], rows.schema(codes, {"id": rows.COUNT}))
    connection = ibis.duckdb.connect()
    connection.con.register("facts", told)
    found = connection.con.sql(judge.statement(connection.table("facts"), engines.DUCKDB)).to_arrow_table().to_pylist()
    connection.disconnect()
    ordered = sorted(found, key=lambda row: row["id"])
    bare = [{name.removeprefix("said_"): value for name, value in row.items() if name != "id"} for row in ordered]
    return [row | {"reasons": sorted(judge.reasons_of(row["reasons"]))} for row in bare]


def expected(verdict: Verdict) -> dict[str, Any]:
    terms = verdict.terms
    return {
        "outcome": verdict.outcome, "route": verdict.route, "tier": verdict.tier or None,
        "score": verdict.scoring.score if verdict.scoring else None, "annual_rate": terms.annual_rate,
        "amount_max": terms.amount_max_fen, "reasons": sorted(verdict.reasons),
    }


@pytest.mark.parametrize("seed", range(4))
def test_a_relation_is_judged_as_its_rows_are(seed: int) -> None:
    chance = Random(seed)
    judged_by = strategy(chance, is_plain=seed == 0)
    cases = [case(chance, judged_by) for _ in range(CASES)]
    found = answers(cases)
    outcomes = set()
    for place, one in enumerate(cases):
        wanted = expected(decide(one))
        outcomes.add(wanted["outcome"])
        told = {name: found[place][name] for name in wanted}
        assert told == wanted, (place, decide(one), {code: fact.value for code, fact in one.facts.items()}, one.bounds)
    assert seed or outcomes == {"approved", "referred", "declined"}
