"""Bins that go one way, special values and gaps apart, groups that do not flatter themselves."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chezhe.scorecards import binning, candidates, codes, grouping
from chezhe.scorecards.fitting import chances

CHANCE = np.random.default_rng(8)


def drawn(chance: np.ndarray) -> np.ndarray:
    return (CHANCE.random(len(chance)) < chance).astype(float)


@given(st.integers(0, 10_000))
def test_bins_never_turn_back(seed: int) -> None:
    chance = np.random.default_rng(seed)
    numbers = np.round(chance.normal(size=600), 1)
    target = (chance.random(600) < 0.3).astype(float)
    cuts = binning.cut(numbers, target, np.ones(600))
    rows, bads = candidates.counted(cuts.places(numbers), cuts.size, target, np.ones(600))
    ranges = len(cuts.uptos) + 1
    rates = (bads / np.maximum(rows, 1))[:ranges]
    assert (np.diff(rates) >= 0).all() if cuts.direction == "+" else (np.diff(rates) <= 0).all()
    assert rows.sum() == 600 and (ranges == 1 or rows[:ranges].min() >= 1)


def test_it_sees_which_way_a_figure_goes_and_obeys_when_told() -> None:
    numbers = CHANCE.uniform(0, 1, 5000)
    target = drawn(0.1 + 0.3 * numbers)
    assert binning.cut(numbers, target, np.ones(5000)).direction == "+"
    assert len(binning.cut(numbers, target, np.ones(5000), "-").uptos) == 0


def test_a_heavy_zero_that_breaks_the_order_stands_alone() -> None:
    numbers = np.where(CHANCE.random(8000) < 0.3, 0.0, CHANCE.uniform(300, 800, 8000))
    target = drawn(np.where(numbers == 0, 0.2, 0.45 - numbers / 2000))
    cuts = binning.cut(numbers, target, np.ones(8000))
    assert cuts.special == 0.0 and cuts.direction == "-"
    assert set(cuts.places(np.array([0.0, np.nan])).tolist()) == {len(cuts.uptos) + 1, len(cuts.uptos) + 2}


def test_noise_gets_one_bin_and_gaps_the_last_place() -> None:
    numbers = np.where(CHANCE.random(4000) < 0.2, np.nan, CHANCE.normal(size=4000))
    cuts = binning.cut(numbers, drawn(np.full(4000, 0.2)), np.ones(4000))
    assert len(cuts.uptos) <= 2 and (cuts.places(numbers)[np.isnan(numbers)] == cuts.size - 1).all()


def test_groups_are_sorted_by_risk_and_rare_ones_are_others() -> None:
    places = np.append(CHANCE.integers(0, 6, 6000), [6, 6, -1])
    target = np.append(drawn(0.05 + 0.05 * places[:-3]), [1.0, 1.0, 0.0])
    groups = grouping.group(places, 7, target, np.ones(len(places)))
    assert groups.group_of[6] == groups.count and groups.places(np.array([-1]))[0] == groups.count + 1
    assert (np.diff(groups.group_of[:6]) >= 0).all() and groups.group_of[5] > groups.group_of[0]


def test_means_are_learnt_on_other_rows() -> None:
    """A code that stands once says nothing about itself."""
    target = drawn(np.full(1000, 0.5))
    found = codes.out_of_fold(np.arange(1000), target)
    assert abs(float(np.corrcoef(found, target)[0, 1])) < 0.15
    assert codes.explained(np.arange(1000), target) < 0.01


def test_a_small_bin_is_drawn_to_the_mean() -> None:
    risk = candidates.risk_of(np.array([1000.0, 2.0]), np.array([200.0, 2.0]))
    assert 0 < risk[1] < 1.2 and abs(chances(np.array([0.0]))[0] - 0.5) < 1e-12
