"""Drift is judged by who applies and by what happens; the second half is what a PSI alone misses."""

from __future__ import annotations

import numpy as np
import pytest

from chezhe.scorecards import monitoring
from chezhe.scorecards.fitting import chances


def test_psi_is_nothing_for_the_same_shares_and_known_for_others() -> None:
    assert monitoring.psi([10, 20, 70], [1, 2, 7]) == pytest.approx(0.0)
    assert monitoring.psi([0.5, 0.5], [0.25, 0.75]) == pytest.approx(0.25 * np.log(2) + 0.25 * np.log(1.5))
    assert np.isfinite(monitoring.psi([0.5, 0.5, 0.0], [0.0, 0.0, 1.0]))


def test_a_stable_score_whose_bad_rate_moved_is_not_called_stable() -> None:
    """Score PSI below 0.005 while the bad rate goes from 20.6 to 23.2 %: the population is the same, the outcome is not."""
    chance = np.random.default_rng(4)
    logits = chance.normal(-1.43, 0.5, 30_000)
    before = chances(logits)
    target = (chance.random(30_000) < chances(logits + 0.155)).astype(float)
    cuts = monitoring.tenths(before)
    score_psi = monitoring.psi(monitoring.shares(before, cuts), monitoring.shares(chances(chance.normal(-1.41, 0.51, 30_000)), cuts))
    found = monitoring.judge(score_psi, {}, monitoring.outcomes(target, before))
    assert score_psi < 0.005 and found.population == monitoring.STABLE
    assert found.outcome == monitoring.MOVED and found.overall == monitoring.MOVED


def test_right_probabilities_are_stable_however_many_rows() -> None:
    chance = np.random.default_rng(5)
    for rows in (1000, 3000, 100_000):
        expected = chances(chance.normal(-1.5, 0.6, rows))
        target = (chance.random(rows) < expected).astype(float)
        assert monitoring.judge(0.0, {}, monitoring.outcomes(target, expected)).overall == monitoring.STABLE


def test_without_outcomes_nothing_is_called_stable() -> None:
    assert monitoring.judge(0.001).overall == monitoring.UNJUDGED
    assert monitoring.judge(0.3).overall == monitoring.MOVED
    assert monitoring.judge(0.001, {"ltv": 0.15}).overall == monitoring.WATCH
    few = monitoring.outcomes(np.ones(50), np.full(50, 0.1))
    assert monitoring.judge(0.001, {}, few).outcome == monitoring.UNJUDGED


def test_order_lost_is_watched() -> None:
    seen = monitoring.outcomes(np.array([0.0, 1.0] * 500), np.full(1000, 0.5))
    assert monitoring.judge(0.0, {}, seen, 0.70, 0.66).overall == monitoring.WATCH
    assert seen.ratio == pytest.approx(1.0)


def test_missing_has_its_own_share() -> None:
    assert monitoring.shares(np.array([1.0, 2.0, 3.0, np.nan]), [1.0, 2.0]) == [0.25, 0.25, 0.25, 0.25]
    assert monitoring.tenths(np.array([np.nan])) == []
