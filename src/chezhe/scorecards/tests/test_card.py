"""A scorecard at work, on paper and on the screen."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest

from chezhe.scorecards import artefact, card
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.scaling import Scale
from chezhe.scorecards.tests.makers import small_card

GOOD = {"ltv": 0.5, "employment": "salaried"}


def test_the_scale_is_600_at_twenty_to_one_and_doubles_every_twenty_points() -> None:
    scale = Scale()
    assert math.isclose(scale.factor, 28.8539, abs_tol=1e-4) and math.isclose(scale.offset, 513.5614, abs_tol=1e-4)
    assert scale.points(-math.log(20)) == 600 and scale.points(-math.log(40)) == 620


def test_the_points_of_the_bins_hit_add_up_to_the_score() -> None:
    scored = small_card().score(GOOD)
    assert scored.score == scored.base + sum(each.points for each in scored.contributions) == 554 + 23 + 17
    assert math.isclose(scored.probability, 1 / (1 + math.exp(1.4 + 0.81 + 0.6)))
    assert [each.bin for each in scored.contributions] == ["≤ 0.6", "salaried"]


def test_a_bin_holds_its_upper_bound_and_not_its_lower() -> None:
    at, above = small_card().score(GOOD | {"ltv": 0.6}), small_card().score(GOOD | {"ltv": 0.6000000001})
    assert at.contributions[0].points == 23 and above.contributions[0].points == 0


def test_reasons_are_the_largest_losses_against_the_best_bin() -> None:
    assert small_card().score(GOOD).reasons == ()
    assert small_card().score({"ltv": 0.9, "employment": "farmer"}).reasons == (("ltv", 51), ("employment", 29))
    assert small_card().score({"ltv": 0.7}).reasons == (("employment", 52), ("ltv", 23))


def test_what_is_missing_has_its_own_bin_and_is_named() -> None:
    for missing in (None, math.nan, "", "  "):
        scored = small_card().score({"ltv": missing, "employment": "salaried"})
        assert scored.contributions[0].points == -26 and scored.unknown == ("ltv",)
    assert small_card().score({}).unknown == ("ltv", "employment")


def test_a_category_never_seen_falls_among_the_others() -> None:
    assert small_card().score(GOOD | {"employment": "astronaut"}).contributions[1].bin == "others"


def test_a_rate_as_decimal_or_decimal_text_is_a_number() -> None:
    assert small_card().score(GOOD | {"ltv": "0.9000"}) == small_card().score(GOOD | {"ltv": Decimal("0.9")})


@pytest.mark.parametrize("value", ["high", "0,9", "1e3", "NaN", "0x10", [], {}, object(), "٣"])
def test_it_refuses_text_for_a_number(value: object) -> None:
    with pytest.raises(ModelError) as refused:
        small_card().score(GOOD | {"ltv": value})
    assert (refused.value.code, refused.value.field) == ("not_a_number", "ltv")


@pytest.mark.parametrize("value", [math.inf, -math.inf, Decimal("Infinity")])
def test_it_refuses_infinity(value: object) -> None:
    with pytest.raises(ModelError, match="not_finite"):
        small_card().score(GOOD | {"ltv": value})


def test_what_is_written_reads_back_the_same() -> None:
    told = small_card().as_json()
    assert card.from_json(told) == small_card()
    assert artefact.dump(card.from_json(told).as_json()) == artefact.dump(told)


def test_recalibration_moves_every_point_with_the_odds() -> None:
    before, after = small_card(), small_card().recalibrated(1.0, 0.3)
    for row in (GOOD, {"ltv": 0.9}, {}):
        odds = [found / (1 - found) for found in (before.score(row).probability, after.score(row).probability)]
        assert math.isclose(math.log(odds[1] / odds[0]), 0.3, abs_tol=1e-12)
    assert after.base_points == before.scale.points(-1.1)


@pytest.mark.parametrize("spoil", [
    lambda told: told.update(format=99),
    lambda told: told.pop("intercept"),
    lambda told: told.update(characteristics=[]),
    lambda told: told["characteristics"][0]["bins"].pop(),
    lambda told: told["characteristics"][0]["bins"].reverse(),
    lambda told: told["characteristics"][0]["bins"][0].update(upto=5.0),
    lambda told: told["characteristics"][0]["bins"][0].update(points="23"),
    lambda told: told["characteristics"][0]["feature"].update(form="eval"),
    lambda told: told["characteristics"][1]["bins"][0].update(weight=None),
    lambda told: told["scale"].update(points_to_double=0),
])  # fmt: skip
def test_it_refuses_a_card_of_another_shape(spoil: object) -> None:
    told = small_card().as_json()
    spoil(told)  # type: ignore[operator]
    with pytest.raises(ModelError) as refused:
        card.from_json(told)
    assert refused.value.code in ("artefact_schema", "scale_impossible")
