"""Tree models at work: one row and a file give the same bits, constraints hold for everybody, damaged models are refused."""

from __future__ import annotations

import math
from typing import Any

import pytest

from chezhe.scorecards import boosting, valuation
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.tables import rows_of
from chezhe.scorecards.tests.makers import applications, used_cars


def test_a_file_gives_the_bits_of_single_rows(a_card: Any, a_boosting: Any, a_valuation: Any) -> None:
    for made, table in ((a_card, applications(300, seed=9)), (a_boosting, applications(300, seed=9)), (a_valuation, used_cars(300, seed=9))):
        rows = [*rows_of(table, made.model.columns), {}]
        together, alone = made.model.score_many(rows), [made.model.score(row) for row in rows]
        assert together == alone
        assert [repr(each) for each in together] == [repr(each) for each in alone]
        assert made.model.score_many(rows, reasons=False) == [made.model.score(row, reasons=False) for row in rows]


def test_without_reasons_the_probability_is_the_same(a_boosting: Any) -> None:
    row = applications(1, seed=3).to_pylist()[0]
    with_reasons, without = a_boosting.model.score(row), a_boosting.model.score(row, reasons=False)
    assert with_reasons.probability == without.probability and with_reasons.score == without.score and without.reasons == ()


def test_contributions_make_the_score(a_boosting: Any) -> None:
    for row in applications(40, seed=4).to_pylist():
        scored = a_boosting.model.score(row)
        assert math.isclose(scored.base + sum(each.points for each in scored.contributions), scored.score, abs_tol=0.51)
        assert all(reason.points_lost >= 1 for reason in scored.reasons) and len(scored.reasons) <= 4


def test_a_constrained_figure_pushes_one_way_for_everybody(a_boosting: Any) -> None:
    assert a_boosting.directions.get("ltv") == "+"
    for row in applications(25, seed=6).to_pylist():
        chances = [a_boosting.model.score(row | {"ltv": ltv / 50}, reasons=False).probability for ltv in range(15, 50)]
        assert chances == sorted(chances)


def test_what_is_missing_is_named_and_strangers_are_scored(a_boosting: Any) -> None:
    row = applications(1).to_pylist()[0]
    scored = a_boosting.model.score(row | {"income": None, "employment": "astronaut"})
    assert scored.unknown == ("income",) and 0 < scored.probability < 1


def test_it_refuses_text_for_a_number_in_one_row_and_in_a_file(a_boosting: Any) -> None:
    row = applications(1).to_pylist()[0] | {"ltv": "high"}
    with pytest.raises(ModelError, match="not_a_number"):
        a_boosting.model.score(row)
    with pytest.raises(ModelError, match="not_a_number"):
        a_boosting.model.score_many([row])


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.9])
def test_it_refuses_a_truncated_tree_file(a_boosting: Any, share: float) -> None:
    model = a_boosting.model
    with pytest.raises(ModelError) as refused:
        boosting.from_json(model.as_json(), {name: text[: int(len(text) * share)] for name, text in model.texts.items()})
    assert refused.value.code == "artefact_schema"


def test_it_refuses_trees_of_another_width(a_boosting: Any, a_valuation: Any) -> None:
    told = a_boosting.model.as_json()
    told["matrix"] = told["matrix"][:-1]
    with pytest.raises(ModelError, match="artefact_schema"):
        boosting.from_json(told, a_boosting.model.texts)
    with pytest.raises(ModelError, match="artefact_schema"):
        valuation.from_json(a_valuation.model.as_json() | {"factor": 99}, a_valuation.model.texts)


def test_prices_stand_inside_their_interval_and_nine_in_ten_deals_too(a_valuation: Any) -> None:
    assert (a_valuation.low <= a_valuation.value).all() and (a_valuation.value <= a_valuation.high).all() and (a_valuation.low > 0).all()
    price = a_valuation.price[a_valuation.test]
    assert 0.84 <= ((price >= a_valuation.low) & (price <= a_valuation.high)).mean() <= 0.96
    assert (abs(a_valuation.value - price) / price).mean() < 0.09


def test_the_formula_alone_gives_a_stranger_a_sensible_price(a_valuation: Any) -> None:
    row = used_cars(1).to_pylist()[0]
    young, old = (a_valuation.model.score(row | {"registered": day, "mileage": far}) for day, far in (("2023-06-01", 1.0), ("2015-06-01", 14.0)))
    assert old.value < young.value < row["newprice"] * 1.3 and old.base < young.base


def test_reasons_of_a_price_are_what_takes_it_down(a_valuation: Any) -> None:
    for row in used_cars(20, seed=2).to_pylist():
        valued = a_valuation.model.score(row)
        assert all(reason.points_lost >= 1 for reason in valued.reasons)


def test_conformal_quantiles_count_one_more_for_few_rows() -> None:
    import numpy as np

    low, high, actual = np.zeros(9), np.ones(9), np.linspace(0.5, 1.3, 9)
    assert valuation.conformal(low, high, actual, 0.9) == pytest.approx(0.3)
