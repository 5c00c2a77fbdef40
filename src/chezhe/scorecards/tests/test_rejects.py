"""What is inferred of the refused: in every band of probability the bad rate of the accepted, drawn by the seed."""

from __future__ import annotations

import numpy as np

from chezhe.scorecards import rejects


def test_parcelling_gives_each_band_the_bad_rate_of_the_accepted() -> None:
    accepted = np.repeat(np.arange(1, 11) / 20, 100)  # ten bands of a hundred, promised 5 %, 10 %, … 50 %
    target = np.concatenate([np.arange(100) < 3 * band for band in range(1, 11)]).astype(float)  # 3 %, 6 %, … 30 % came
    refused = np.repeat(np.arange(1, 11) / 20, [10, 20, 30, 40, 50, 60, 70, 80, 90, 200])
    (parcel,) = rejects.parcelled(accepted, target, refused, seed=1)
    for band in range(1, 11):
        inside = refused == band / 20
        assert parcel.target[inside].sum() == round(inside.sum() * 0.03 * band)
    assert set(parcel.weights) == {1.0} and len(parcel.target) == len(refused)


def test_the_seed_draws_who_is_called_bad_and_nothing_else() -> None:
    accepted, target = np.linspace(0.01, 0.6, 2000), (np.arange(2000) % 5 == 0).astype(float)
    refused = np.linspace(0.1, 0.9, 700)
    first, again, other = (rejects.parcelled(accepted, target, refused, seed)[0].target for seed in (1, 1, 2))
    assert (first == again).all() and (first != other).any() and first.sum() == other.sum()


def test_who_is_worse_than_any_accepted_is_taken_as_the_worst_band() -> None:
    accepted, target = np.linspace(0.01, 0.5, 1000), np.repeat([0.0, 1.0], [900, 100])
    (parcel,) = rejects.parcelled(accepted, target, np.array([0.8, 0.9, 0.99]), seed=1)
    assert parcel.target.tolist() == [1.0, 1.0, 1.0]


def test_fuzzy_splits_everybody_by_their_probability() -> None:
    bad, good = rejects.fuzzy(np.array([0.25, 1.0]))
    assert (bad.target == 1).all() and (good.target == 0).all() and (bad.weights + good.weights == 1).all() and bad.weights[0] == 0.25
