"""The figures against slow definitions and known cases."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chezhe.scorecards import calibration, metrics
from chezhe.scorecards.fitting import chances

ROWS = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 6)), min_size=2, max_size=40)


@given(ROWS)
def test_auc_is_the_chance_that_a_bad_stands_above_a_good(rows: list[tuple[int, int]]) -> None:
    target, risk = np.array([float(row[0]) for row in rows]), np.array([float(row[1]) for row in rows])
    pairs = [(a > b) + 0.5 * (a == b) for a, is_bad in zip(risk, target, strict=True) if is_bad for b, other in zip(risk, target, strict=True) if not other]
    found = metrics.auc(target, risk)
    assert math.isnan(found) if not pairs else found == pytest.approx(sum(pairs) / len(pairs))


@given(ROWS)
def test_ks_is_the_largest_gap_over_all_cut_offs(rows: list[tuple[int, int]]) -> None:
    target, risk = np.array([float(row[0]) for row in rows]), np.array([float(row[1]) for row in rows])
    if 0 < target.sum() < len(target):
        gaps = [abs((risk[target == 1] <= cut).mean() - (risk[target == 0] <= cut).mean()) for cut in range(7)]
        assert metrics.ks(target, risk) == pytest.approx(max(gaps))


@given(ROWS)
def test_every_cut_parts_bads_from_goods_and_the_widest_is_the_ks(rows: list[tuple[int, int]]) -> None:
    target, risk = np.array([float(row[0]) for row in rows]), np.array([float(row[1]) for row in rows])
    cuts = metrics.parted(target, risk)
    if not 0 < target.sum() < len(target):
        assert cuts == []
        return
    assert [each.risk for each in cuts] == sorted({*risk.tolist()}, reverse=True)
    for each in cuts:
        assert each.bads == pytest.approx((risk[target == 1] >= each.risk).mean())
        assert each.goods == pytest.approx((risk[target == 0] >= each.risk).mean())
    assert max(each.gap for each in cuts) == pytest.approx(metrics.ks(target, risk))


def test_delong_agrees_with_resampling() -> None:
    chance = np.random.default_rng(1)
    signal = chance.normal(size=1500)
    target = (chance.random(1500) < chances(signal - 1)).astype(float)
    first, second = signal + chance.normal(size=1500) * 0.5, signal + chance.normal(size=1500) * 1.5
    found = metrics.delong(target, first, second)
    resampled = []
    for _ in range(200):
        rows = chance.integers(0, 1500, 1500)
        resampled.append(metrics.auc(target[rows], first[rows]) - metrics.auc(target[rows], second[rows]))
    assert found.difference == pytest.approx(metrics.auc(target, first) - metrics.auc(target, second))
    assert found.error == pytest.approx(np.std(resampled), rel=0.2) and found.p_value < 0.001
    assert metrics.delong(target, first, first).p_value == 1.0


def test_platt_finds_the_slope_and_shift_that_were_put_in() -> None:
    chance = np.random.default_rng(2)
    logits = chance.normal(-1, 1, 40_000)
    target = (chance.random(40_000) < chances(0.7 * logits + 0.4)).astype(float)
    slope, shift = calibration.platt(logits, target)
    assert slope == pytest.approx(0.7, abs=0.04) and shift == pytest.approx(0.4, abs=0.06)
    moved = calibration.shift_only(logits, target)
    assert chances(logits + moved).mean() == pytest.approx(target.mean(), abs=1e-6)


def test_gains_hold_every_row_and_every_bad_once() -> None:
    chance = np.random.default_rng(3)
    expected = chance.random(997)
    target = (chance.random(997) < expected).astype(float)
    found = metrics.gains(target, expected)
    assert sum(each.rows for each in found) == 997 and sum(each.bads for each in found) == target.sum()
    assert found[-1].bads_so_far == pytest.approx(1.0) and found[0].bads / found[0].rows > found[-1].bads / found[-1].rows
    assert metrics.calibration_error(target, expected) < 0.05


def test_prices_are_judged_by_their_percentage() -> None:
    found = metrics.price_figures(np.array([10.0, 20.0]), np.array([11.0, 18.0]), np.array([9.0, 19.0]), np.array([12.0, 21.0]))
    assert found["mape"] == 0.1 and found["coverage"] == 1.0
    assert metrics.bootstrap_error(np.array([0.0, 1.0] * 50), seed=1) == pytest.approx(0.05, rel=0.2)
