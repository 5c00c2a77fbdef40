"""From a frame to a price model: formula, trees on what it leaves over, quantiles, conformal correction, report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chezhe.scorecards import artefact, boosting_library, codes, formula, metrics, proposing, tables
from chezhe.scorecards.boosting_training import Categories, gains, held_out, parted, prepared
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.features import Feature
from chezhe.scorecards.frame import Floats, Frame, target_of
from chezhe.scorecards.matrix import Matrix
from chezhe.scorecards.proposing import Proposal
from chezhe.scorecards.training import ROWS_MIN, Chosen, Options, check_excluded, split
from chezhe.scorecards.valuation import HIGH, LOW, Valuation, conformal

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

COVERAGE = 0.90
SEEDS = 2
ROUNDS_MAX = 2000
PATIENCE = 100
QUANTILE_ROUNDS = 600
LEARNING_RATE, FASTEST = 0.04, 0.12
VOCABULARY_MAX = 64
PRIOR_ROWS = 2.0
ROWS_A_LABEL = 5
MANY_ROWS = 8_000


@dataclass(frozen=True)
class TrainedValuation:
    """The model with what the report tells; `value`, `low`, `high` are those of the test rows by the model that never saw them."""

    model: Valuation
    proposal: Proposal
    frame: Frame
    test: Chosen
    price: Floats
    value: Floats
    low: Floats
    high: Floats
    rounds: int
    gains: list[tuple[str, float]]


def files(table: pa.Table, options: Options, name: str, say: Callable[[str], None]) -> tuple[dict[str, bytes], dict[str, float | int]]:
    """The files of the artefact and the figures of the test rows."""
    from chezhe.scorecards.papers import value_report

    trained = train(table, options, say)
    figures = metrics.price_figures(trained.price[trained.test], trained.value, trained.low, trained.high)
    told = value_report.documents(trained, options, name, figures)
    found = {"engine.json": artefact.dump(trained.model.as_json())} | {key: text.encode() for key, text in trained.model.texts.items()}
    found |= {key: artefact.dump(content) for key, content in told.items()}
    return found | {"report.html": value_report.report(trained, options, told).encode()}, figures


def train(table: pa.Table, options: Options, say: Callable[[str], None] = lambda line: None) -> TrainedValuation:
    """Train on prices above zero. Raises ModelError for targets, options and data that cannot work."""
    frame = Frame(table)
    price = target_of(frame, options.target, is_binary=False)
    test = split(frame, options)
    inside = frame.take(~test)
    if inside.rows < ROWS_MIN or not test.any():
        raise ModelError("rows_too_few", "", rows=inside.rows, rows_min=ROWS_MIN, class_min=0)
    proposal = proposing.propose(inside, options.target, options.time, options.exclude)
    log_price = np.log(price)
    proposal.features = codes.told_apart(inside, proposal.features, log_price[~test], options.categories)
    proposal.features += [Feature(f"{proposal.time}.date", "date_years", (proposal.time,))] if proposal.time else []
    check_excluded(options, proposal, proposal.features)
    proposal.features = [feature for feature in proposal.features if feature.name not in options.exclude]
    say(f"{len(proposal.features)} features, {len(proposal.excluded)} columns left out")
    made = _grow(inside, log_price[~test], proposal, options, None)
    scored = made.model.score_many(tables.rows_of(frame.take(test).table, made.model.columns), reasons=False)
    if options.test_from is None:
        say("measured; training again on all rows")
        made = _grow(frame, log_price, proposal, options, made)
    value, low, high = (np.array(each) for each in zip(*((one.value, one.low, one.high) for one in scored), strict=True))
    return TrainedValuation(made.model, proposal, frame, test, price, value, low, high, made.rounds, made.gains)


@dataclass(frozen=True, slots=True)
class Grown:
    """A model and how many rounds it took."""

    model: Valuation
    rounds: int
    gains: list[tuple[str, float]]


def _grow(frame: Frame, log_price: Floats, proposal: Proposal, options: Options, known: Grown | None) -> Grown:
    """Formula on all rows; rounds, factor and correction on held-out rows; then the mean trees again on all."""
    reckoned = formula.fit(frame, proposal.features, log_price)
    left = log_price - reckoned.of_frame(frame)
    # Figures as they are, small categories as sets, every larger one also as what its rows fetched above or below the formula.
    matrix, inputs = prepared(frame, proposal.features, left, Categories(
        rows=ROWS_A_LABEL, set_max=VOCABULARY_MAX, prior=PRIOR_ROWS, wants_means=lambda _frequent, labels: labels > 8,
    ))
    held = held_out(frame.rows, frame.days(proposal.time) if options.time else None)
    shape, rounds_max = _parameters(frame.rows, options), options.rounds_max or ROUNDS_MAX
    before, after = parted(frame, matrix, inputs, left, held, PRIOR_ROWS)
    if known is None:
        first = _fitted(before, left[~held], shape, rounds_max, matrix, (after, left[held]))
        rounds = max(int(first.best_iteration), 20)
        factor = _factor(np.exp(_raw(first, after, rounds) - left[held]))
    else:
        rounds, factor = known.rounds, known.model.factor
    low, high = (
        _fitted(before, left[~held], shape | {"objective": "quantile", "alpha": alpha}, min(QUANTILE_ROUNDS, rounds_max), matrix)
        for alpha in ((1 - COVERAGE) / 2, (1 + COVERAGE) / 2)
    )
    days = frame.days(proposal.time)[held] if options.time else None
    correction = _correction(_raw(low, after, 0), _raw(high, after, 0), left[held], days)
    means = [_fitted(inputs, left, shape | {"seed": options.seed + place}, round(rounds * 1.1), matrix) for place in range(SEEDS)]
    texts = {f"model-{place + 1}.txt": booster.model_to_string() for place, booster in enumerate(means)}
    points = tuple(texts)
    texts |= {f"{LOW}.txt": low.model_to_string(), f"{HIGH}.txt": high.model_to_string()}
    model = Valuation(reckoned, matrix, points, texts, factor, round(correction, 8))
    return Grown(model, rounds, gains(means, matrix))


def _parameters(rows: int, options: Options) -> dict[str, Any]:
    """Fewer rounds than the quantiles take must each learn more."""
    rate = min(max(LEARNING_RATE * QUANTILE_ROUNDS / (options.rounds_max or QUANTILE_ROUNDS), LEARNING_RATE), FASTEST)
    return {
        "objective": "l2", "metric": "l1", "num_leaves": 31 if rows >= MANY_ROWS else 15, "learning_rate": rate, "feature_fraction": 0.3,
        "min_data_in_leaf": min(max(rows // 1000, 5), 20),
        "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 3.0, "max_bin": 255, "cat_smooth": 10.0, "cat_l2": 10.0,
        "seed": options.seed, "deterministic": True, "force_row_wise": True, "num_threads": 1, "verbose": -1,
    }  # fmt: skip


def _fitted(
    inputs: Floats, left: Floats, shape: dict[str, Any], rounds: int, matrix: Matrix, watched: tuple[Floats, Floats] | None = None
) -> Any:
    lightgbm = boosting_library.lightgbm()
    names = [f"f{place}" for place in range(inputs.shape[1])]
    data = lightgbm.Dataset(inputs, left, feature_name=names, categorical_feature=matrix.categories(), params=shape)
    if watched is None:
        return lightgbm.train(shape, data, rounds)
    beside = lightgbm.Dataset(watched[0], watched[1], reference=data)
    return lightgbm.train(shape, data, rounds, valid_sets=[beside], callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)])


def _correction(low: Floats, high: Floats, actual: Floats, days: Floats | None) -> float:
    """The conformal correction; with days that of the worse half, older or newer, because the months to come are newer still."""
    if days is None:
        return conformal(low, high, actual, COVERAGE)
    is_newer = days > np.nanmedian(days)
    return max(conformal(low[part], high[part], actual[part], COVERAGE) for part in (is_newer, ~is_newer) if part.any())


def _raw(booster: Any, inputs: Floats, rounds: int) -> Floats:
    return np.asarray(booster.predict(inputs, raw_score=True, num_iteration=rounds or None, num_threads=1), dtype=np.float64)


def _factor(ratios: Floats) -> float:
    """The factor on value / price that makes the mean absolute percentage error least: a weighted median."""
    order = np.argsort(1 / ratios)
    weights = np.cumsum(ratios[order])
    middle = int(np.searchsorted(weights, weights[-1] / 2))
    return round(float(np.clip(1 / ratios[order][middle], 0.9, 1.1)), 6)
