"""A scorecard on an engine gives the score that Python gives."""

from __future__ import annotations

import ibis  # type: ignore[import-untyped]
import pytest

from chezhe.scorecards import card_training, codes, ibis_form, proposing, tables
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.features import Feature
from chezhe.scorecards.frame import Frame, target_of
from chezhe.scorecards.tests.makers import applications, small_card


def test_points_and_score_equal_the_runtime_on_every_row() -> None:
    table = applications(3000)
    frame = Frame(table)
    target = target_of(frame, "bad", is_binary=True)
    features = codes.told_apart(frame, proposing.propose(frame, "bad", "sold").features, target)
    features.append(Feature("debt÷income", "ratio", ("debt", "income")))
    card = card_training.train(frame, features, target).model
    assert {"years_between", "months", "text", "ratio", "number"} <= {each.feature.form for each in card.characteristics}
    found = ibis_form.score(card, ibis.memtable(table)).order_by("row_id").to_pyarrow().to_pylist()
    rows = sorted(table.to_pylist(), key=lambda row: row["row_id"])
    for row, told in zip(rows, found, strict=True):
        scored = card.score(row)
        assert told["score"] == scored.score
        assert told["probability"] == pytest.approx(scored.probability, rel=1e-12)


def test_gaps_and_strangers_fall_into_their_bins() -> None:
    import pyarrow as pa  # type: ignore[import-untyped]

    table = pa.table({"ltv": [0.6, None, float("nan"), 0.95], "employment": ["salaried", "", None, "astronaut"]})
    found = ibis_form.score(small_card(), ibis.memtable(table)).to_pyarrow()
    expected = small_card().score_many(tables.rows_of(table, small_card().columns))
    assert found["score"].to_pylist() == [each.score for each in expected]


def test_it_refuses_a_table_without_a_column() -> None:
    with pytest.raises(ModelError) as refused:
        ibis_form.score(small_card(), ibis.memtable({"ltv": [0.5]}))
    assert (refused.value.code, refused.value.field) == ("column_missing", "employment")
