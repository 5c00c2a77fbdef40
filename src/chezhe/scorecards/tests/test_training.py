"""What training promises: right signs, few characteristics, nothing learnt from row names, the same bytes twice."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pytest

from chezhe.scorecards import artefact, bundle, metrics, training
from chezhe.scorecards.card import Card
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.features import Feature
from chezhe.scorecards.frame import Frame
from chezhe.scorecards.tests.makers import applications, trained
from chezhe.scorecards.training import Options


def refusal(table: Any, **options: Any) -> ModelError:
    with pytest.raises(ModelError) as refused:
        training.train(table, Options(**({"kind": "scorecard", "target": "bad"} | options)))
    return refused.value


def test_bins_of_figures_go_one_way_and_no_coefficient_is_wrong(a_card: Any) -> None:
    assert 3 <= len(a_card.model.characteristics) <= 20
    for each in a_card.model.characteristics:
        assert each.coefficient > 0, each.name
        weights = [row.weight for row in each.bins if row.kind in ("upto", "above")]
        assert weights == sorted(weights, reverse=each.direction == "-"), each.name
        rates = [row.bads / row.rows for row in each.bins if row.kind in ("upto", "above") and row.rows]
        assert rates == sorted(rates, reverse=each.direction == "-"), each.name


def test_it_finds_what_was_put_in_and_not_what_was_not(a_card: Any) -> None:
    columns = {column for each in a_card.model.characteristics for column in each.feature.columns}
    assert {"ltv", "bureau_score", "history", "employment"} <= columns
    assert not columns & {"row_id", "constant", "noise", "bad"}
    assert a_card.proposal.excluded == {"row_id": "row_name", "constant": "constant"}
    assert metrics.auc(a_card.target[a_card.test], a_card.chance) > 0.7


def test_codes_are_categories_and_dates_are_ages(a_card: Any) -> None:
    told = {feature.name: feature.form for feature in a_card.proposal.features}
    assert told["branch_id"] == "text" and told["born.years"] == "years_between" and told["history"] == "months"


def test_missing_is_a_bin_of_its_own_scored_by_what_happened(a_card: Any) -> None:
    for each in a_card.model.characteristics:
        assert each.bins[-1].kind == "missing"
        if each.bins[-1].rows == 0:  # never seen: as the worst, never as the average
            assert each.bins[-1].points == min(row.points for row in each.bins)


def test_the_same_data_and_seed_give_the_same_bytes(a_card: Any, a_boosting: Any) -> None:
    for before in (a_card, a_boosting):
        kind = before.model.kind
        again = trained(kind=kind)
        assert bundle.files(again, Options(kind, "bad")) == bundle.files(before, Options(kind, "bad"))


def test_another_seed_tests_other_rows(a_card: Any) -> None:
    assert (trained(seed=2).test != a_card.test).any()


def test_a_forced_direction_is_kept(a_boosting: Any) -> None:
    for kind in ("scorecard", "boosting"):
        found = trained(kind=kind, monotone=("ltv:-",))
        assert found.directions.get("ltv", "-") == "-"


def test_a_split_by_date_never_trains_on_what_comes_after() -> None:
    found = trained(time="sold", test_from=date(2025, 1, 1))
    days = Frame(applications(3000)).days("sold")
    assert (days[found.test] >= date(2025, 1, 1).toordinal() - date(1970, 1, 1).toordinal()).all()
    assert found.model.characteristics[0].bins and sum(row.rows for row in found.model.characteristics[0].bins) == int((~found.test).sum())


def test_arrays_and_single_values_are_read_alike() -> None:
    table = applications(500).append_column("size", pa.array([f"{4000 + n}*{1700 + n % 9}" for n in range(500)]))
    features = [
        Feature("ltv", "number", ("ltv",)), Feature("h", "months", ("history",)), Feature("y", "years_between", ("born", "sold")),
        Feature("d", "day_of_month", ("sold",)), Feature("m", "month_of_year", ("sold",)), Feature("t", "date_years", ("sold",)),
        Feature("r", "ratio", ("debt", "income")), Feature("g", "difference", ("debt", "income")), Feature("x", "product", ("ltv", "debt")),
        Feature("p", "part", ("size",), 1), Feature("income", "number", ("income",)),
    ]  # fmt: skip
    from chezhe.scorecards import features as reading

    frame, rows = Frame(table), table.to_pylist()
    for feature in features:
        read = reading.reader(feature)
        assert np.array_equal(frame.numbers(feature), np.array([read(row) for row in rows]), equal_nan=True), feature.form
    for feature in (Feature("e", "text", ("employment",)), Feature("p", "pair", ("branch_id", "employment"))):
        texts, read_text = frame.texts(feature), reading.text_reader(feature)
        assert [None if code < 0 else texts.labels[code] for code in texts.codes] == [read_text(row) for row in rows]


def test_it_refuses_targets_that_cannot_be_learnt() -> None:
    table = applications(400)

    def spoil(values: list[Any]) -> Any:
        return table.set_column(table.column_names.index("bad"), "bad", pa.array(values))

    assert refusal(table, target="worse").code == "column_missing"
    assert refusal(spoil([0] * 400)).code == "target_one_class"
    assert refusal(spoil([0, 2] * 200)).code == "target_not_binary"
    assert refusal(spoil([0, None] * 200)).code == "target_missing"
    assert refusal(spoil(["yes", "no"] * 200)).code == "not_a_number"
    assert refusal(table.slice(0, 60)).code in ("rows_too_few", "target_one_class")


def test_it_refuses_data_that_cannot_be_meant() -> None:
    table = applications(400)
    income = [1000.0 + n for n in range(400)]
    assert refusal(table.set_column(8, "income", pa.array([*income[:-1], math.inf]))).code == "not_finite"
    found = refusal(table.set_column(8, "income", pa.array([*map(str, income[:-1]), "a lot"])))
    assert (found.code, found.field, found.facts["value"]) == ("not_a_number", "income", "a lot")
    assert refusal(table.select(["row_id", "constant", "bad"])).code == "no_features"


def test_it_refuses_options_that_do_not_fit() -> None:
    table = applications(400)
    assert refusal(table, test_from=date(2025, 1, 1)).code == "time_missing"
    assert refusal(table, time="sold", test_from=date(2099, 1, 1)).code == "test_empty"
    assert refusal(table, time="ltv").code == "time_not_a_date"
    assert refusal(table, exclude=("nowhere",)).code == "column_missing"
    assert refusal(table, monotone=("ltv",)).code == "direction_unreadable"
    assert refusal(table, monotone=("nowhere:+",)).code == "direction_unknown"
    assert refusal(table, monotone=("employment:+",)).code == "direction_of_category"


def test_what_is_excluded_is_not_looked_at() -> None:
    found = trained(exclude=("ltv", "bureau_score"))
    assert not {"ltv", "bureau_score"} & set(found.model.columns) and found.proposal.excluded["ltv"] == "asked"
    assert "sold.day" not in {feature.name for feature in trained(exclude=("sold.day",)).proposal.features}


def test_a_trained_model_survives_its_folder(a_card: Any, a_boosting: Any, tmp_path: Any) -> None:
    rows = applications(50, seed=5).to_pylist()
    for before in (a_card, a_boosting):
        folder = tmp_path / before.model.kind
        artefact.save(folder, before.model.kind, bundle.files(before, Options(before.model.kind, "bad", fairness=("employment",))))
        model = artefact.load(folder)
        assert [model.score(row) for row in rows] == [before.model.score(row) for row in rows]


@pytest.mark.parametrize("values", [
    pa.nulls(600), pa.array([None, "a"] * 300), pa.array([True, False, None] * 200), pa.array([[1, 2]] * 600), pa.array(["", " "] * 300),
    pa.array(["a", "b", None] * 200).dictionary_encode(), pa.array([2**62 + n * 10**14 for n in range(600)]), pa.array([b"ab"] * 600),
    pa.array([date(2020, 1, 1) if n % 3 else None for n in range(600)]), pa.array([f"{n}.50" for n in range(600)]),
], ids=lambda values: str(values.type))  # fmt: skip
def test_a_column_of_any_shape_is_used_or_left_out(values: Any) -> None:
    from chezhe.scorecards import tables

    table = tables.plain(applications(600).append_column("odd", values))
    found = training.train(table, Options("scorecard", "bad"))
    known = {column for feature in found.proposal.features for column in feature.columns}
    assert ("odd" in known) != ("odd" in found.proposal.excluded)
    assert found.model.score_many(tables.rows_of(table, found.model.columns))


def test_a_pure_bin_stays_a_bin() -> None:
    table = applications(600)
    found = training.train(table.append_column("told", table.column("bad")), Options("scorecard", "bad"))
    assert metrics.auc(found.target[found.test], found.chance) == pytest.approx(1.0, abs=0.01)
    assert isinstance(found.model, Card) and all(math.isfinite(row.weight) for each in found.model.characteristics for row in each.bins)
