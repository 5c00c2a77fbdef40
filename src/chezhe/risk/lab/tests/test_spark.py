"""Spark says what DuckDB says. Only in the long run, for which `./run` installs Spark: a Java machine has to begin."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pyarrow.parquet as files  # type: ignore[import-untyped]
import pytest

from chezhe.risk.lab import bulk, engines, rows
from chezhe.risk.lab.tests.random_strategies import case, strategy
from chezhe.risk.tests.deciding.cases import GOOD

_HOW = "Spark is not installed: ./run test --long installs it (requirements-spark.lock)"
pytestmark = [pytest.mark.long, pytest.mark.skipif(not engines.has_spark(), reason=_HOW)]


def test_both_engines_answer_alike(tmp_path: Path) -> None:
    chance = Random(5)
    judged_by = strategy(chance, is_plain=True)
    cases = [case(chance, judged_by) for _ in range(200)]
    told = [{"id": place} | rows.row_of(one) for place, one in enumerate(cases)]
    files.write_table(rows.table(told, rows.schema(sorted(GOOD), {"id": rows.COUNT})), str(tmp_path / "book.parquet"))
    judge, answers = bulk.judge(judged_by), []
    for name in engines.ENGINES:
        with engines.running(name) as engine:
            said = engine.keep("said", judge.statement(engine.read(tmp_path / "book.parquet"), engine.dialect))
            wanted = ["id", *(f"said_{answer}" for answer in bulk.ANSWERS if answer != "probability")]
            answers.append(sorted(engine.rows(said.select(wanted)), key=lambda row: row["id"]))
    assert answers[0] == answers[1]
