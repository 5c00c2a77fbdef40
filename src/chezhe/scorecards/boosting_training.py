"""From a frame to a gradient boosting model: constraints, rounds chosen on held-out rows, calibration on the same, then all rows.

Rounds and calibration are learnt on a fifth of the rows that the trees have not seen: the newest when time is known, else every
fifth. Then the trees are grown again on all rows, once for each seed. Everything runs on one thread and by one seed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from chezhe.scorecards import boosting_library, calibration, codes, directions
from chezhe.scorecards.boosting import Boosting
from chezhe.scorecards.features import Feature
from chezhe.scorecards.frame import Floats, Frame
from chezhe.scorecards.matrix import MEANS, NUMBER, VOCABULARY, Column, Matrix
from chezhe.scorecards.scaling import Scale

VOCABULARY_MAX = 255
ROWS_A_LABEL = 20
PRIOR_ROWS = 30.0
HELD_SHARE = 5
ROUNDS_MAX = 1500
PATIENCE = 60
SEEDS = 1  # a second adds 0.0005 of AUC and doubles the time of reasons
MANY_ROWS = 20_000


@dataclass(frozen=True)
class TrainedBoosting:
    """The model with what the report tells about its making; `gains` is each column's share of what the trees gained."""

    model: Boosting
    rounds: int
    gains: list[tuple[str, float]]


def train(frame: Frame, features: Iterable[Feature], target: Floats, weights: Floats | None = None,
          forced: Mapping[str, str] | None = None, seed: int = 1, days: Floats | None = None, scale: Scale | None = None,
          known: TrainedBoosting | None = None) -> TrainedBoosting:  # fmt: skip
    """Train on a 0/1 target. `forced` directions by feature name, None for those read from the data; `days` of each row, when known.

    `known` is the same model trained on fewer rows: its directions, rounds and calibration are taken over.
    """
    each_row = np.ones(frame.rows) if weights is None else weights
    given = list(features)
    matrix, inputs = prepared(frame, given, target, Categories(
        rows=min(ROWS_A_LABEL, frame.rows // 50), set_max=VOCABULARY_MAX, prior=PRIOR_ROWS,
        wants_means=lambda frequent, _all: frequent > VOCABULARY_MAX // 8,
    ))
    if known is not None:
        return _regrown(known, inputs, target, each_row, matrix, seed)
    signs = directions.automatic(frame, given, target, each_row) if forced is None else dict(forced)
    held = held_out(frame.rows, days)
    options = parameters(frame.rows, matrix, signs, seed)
    before, after = parted(frame, matrix, inputs, target, held, PRIOR_ROWS)
    first = _grown(before, target[~held], each_row[~held], options, ROUNDS_MAX, matrix, (after, target[held], each_row[held]))
    rounds = max(int(first.best_iteration), 10)
    raw = np.asarray(first.predict(after, raw_score=True, num_iteration=rounds), dtype=np.float64)
    slope, shift = calibration.platt(raw, target[held], each_row[held])
    rounds = round(rounds * 1.1)
    texts, shares = _forest(inputs, target, each_row, options, rounds, matrix)
    model = Boosting(scale or Scale(), matrix, texts, round(slope, 6), round(shift, 6), signs)
    return TrainedBoosting(model, rounds, shares)


def _regrown(known: TrainedBoosting, inputs: Floats, target: Floats, weights: Floats, matrix: Matrix, seed: int) -> TrainedBoosting:
    before = known.model
    options = parameters(len(target), matrix, before.directions, seed)
    texts, shares = _forest(inputs, target, weights, options, known.rounds, matrix)
    return TrainedBoosting(Boosting(before.scale, matrix, texts, before.slope, before.shift, before.directions), known.rounds, shares)


def _forest(inputs: Floats, target: Floats, weights: Floats, options: dict[str, Any], rounds: int,
            matrix: Matrix) -> tuple[dict[str, str], list[tuple[str, float]]]:  # fmt: skip
    grown = [_grown(inputs, target, weights, options | {"seed": options["seed"] + place}, rounds, matrix) for place in range(SEEDS)]
    return {f"model-{place + 1}.txt": booster.model_to_string() for place, booster in enumerate(grown)}, gains(grown, matrix)


@dataclass(frozen=True)
class Categories:
    """How texts become inputs: a label is frequent from `rows` rows on, a set holds at most `set_max` frequent ones, and a column
    also gets means, drawn to the overall one by `prior` rows, when `wants_means(frequent, all)` of the numbers of its labels."""

    rows: int
    set_max: int
    prior: float
    wants_means: Callable[[int, int], bool]


def prepared(frame: Frame, features: list[Feature], target: Floats, kept: Categories) -> tuple[Matrix, Floats]:
    """The matrix for serving, and the inputs for training, in which means of the target are learnt out of fold."""
    columns, inputs = [], []
    for feature in features:
        if not feature.is_text:
            columns.append(Column(feature, NUMBER))
            inputs.append(frame.numbers(feature))
            continue
        texts = frame.texts(feature)
        counts = np.bincount(texts.codes[texts.codes >= 0], minlength=len(texts.labels))
        frequent = [label for label, count in zip(texts.labels, counts, strict=True) if count >= kept.rows]
        if len(frequent) <= kept.set_max:
            columns.append(Column(feature, VOCABULARY, {label: float(place) for place, label in enumerate(frequent)}))
            inputs.append(columns[-1].of_frame(frame))
        if kept.wants_means(len(frequent), len(texts.labels)):
            columns.append(means_of(feature, texts.codes, texts.labels, target, kept.prior))
            inputs.append(codes.out_of_fold(texts.codes + 1, target, kept.prior))
    return Matrix(columns), np.column_stack(inputs)


def means_of(feature: Feature, places: npt.NDArray[np.int64], labels: tuple[str, ...], target: Floats, prior: float) -> Column:
    """The mean target of each category over all rows, drawn to the overall mean."""
    known = places >= 0
    counts = np.bincount(places[known], minlength=len(labels))
    sums = np.bincount(places[known], weights=target[known], minlength=len(labels))
    overall = float(target.mean())
    means = (sums + prior * overall) / (counts + prior)
    return Column(feature, MEANS, {label: round(float(mean), 8) for label, mean in zip(labels, means, strict=True)}, round(overall, 8))


def parted(
    frame: Frame, matrix: Matrix, inputs: Floats, target: Floats, held: npt.NDArray[np.bool_], prior: float
) -> tuple[Floats, Floats]:
    """The inputs of the rows to train on and of the held-out rows, in which no mean has seen a held-out row."""
    trained, judged = inputs[~held].copy(), inputs[held].copy()
    for place, column in enumerate(matrix.columns):
        if column.kind == MEANS:
            texts = frame.texts(column.feature)
            trained[:, place] = codes.out_of_fold(texts.codes[~held] + 1, target[~held], prior)
            learnt = means_of(column.feature, texts.codes[~held], texts.labels, target[~held], prior)
            judged[:, place] = learnt.of_frame(frame)[held]
    return trained, judged


def held_out(rows: int, days: Floats | None) -> npt.NDArray[np.bool_]:
    """A fifth of the rows: the newest when their days are known, else every fifth."""
    places = np.arange(rows)
    if days is None:
        return np.equal(places % HELD_SHARE, HELD_SHARE - 1)
    order = np.lexsort((places, np.nan_to_num(days, nan=-np.inf)))
    found = np.zeros(rows, dtype=bool)
    found[order[-(rows // HELD_SHARE) :]] = True
    return found


def parameters(rows: int, matrix: Matrix, signs: Mapping[str, str], seed: int) -> dict[str, Any]:
    """LightGBM's options for so many rows: careful trees, one thread, nothing left to chance."""
    sign_of = {"+": 1, "-": -1}
    constraints = [sign_of.get(signs.get(column.name, ""), 0) if column.kind == NUMBER else 0 for column in matrix.columns]
    options = {
        "objective": "binary", "metric": "binary_logloss",
        "num_leaves": 15, "learning_rate": 0.04 if rows >= MANY_ROWS else 0.05,
        "feature_fraction": 0.3, "min_data_in_leaf": min(max(rows // 500, 20), 300), "lambda_l2": 30.0, "max_bin": 255,
        "cat_smooth": 30.0, "cat_l2": 30.0, "max_cat_to_onehot": 2, "min_data_per_group": 50,
        "seed": seed, "deterministic": True, "force_row_wise": True, "num_threads": 1, "verbose": -1,
    }  # fmt: skip
    return options | ({"monotone_constraints": constraints, "monotone_constraints_method": "intermediate"} if any(constraints) else {})


def gains(boosters: list[Any], matrix: Matrix) -> list[tuple[str, float]]:
    """The share of the gain of each column, largest first."""
    total = np.sum([np.asarray(booster.feature_importance("gain"), dtype=np.float64) for booster in boosters], axis=0)
    shares = total / max(float(np.sum(total)), 1e-12)
    found = [(column.name, float(share)) for column, share in zip(matrix.columns, shares, strict=True)]
    return sorted(found, key=lambda each: -each[1])


def _grown(inputs: Floats, target: Floats, weights: Floats, options: Mapping[str, Any], rounds: int, matrix: Matrix,
           watched: tuple[Floats, Floats, Floats] | None = None) -> Any:  # fmt: skip
    lightgbm = boosting_library.lightgbm()
    names = [f"f{place}" for place in range(inputs.shape[1])]
    data = lightgbm.Dataset(
        inputs, target, weight=weights, feature_name=names, categorical_feature=matrix.categories(), params=dict(options)
    )
    if watched is None:
        return lightgbm.train(dict(options), data, rounds)
    beside = lightgbm.Dataset(watched[0], watched[1], weight=watched[2], reference=data)
    return lightgbm.train(dict(options), data, rounds, valid_sets=[beside], callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)])
