"""`chezhe model train` without its door: from a table and options to the files of an artefact.

1. Split: rows from `test_from` on are the test when a time is given, else every row falls in by a seeded draw (a fifth is the test).
2. Propose features, tell codes from quantities, find ratios; train on the training rows; measure on the test rows.
3. Without a date the model is then trained again on all rows with what was learnt; with a date it stays as measured.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from chezhe.scorecards import (
    boosting_training,
    candidates,
    card_training,
    codes,
    directions,
    fitting,
    proposing,
    ratios,
    rejects,
    tables,
    values,
)
from chezhe.scorecards.boosting import Boosting
from chezhe.scorecards.boosting_training import TrainedBoosting
from chezhe.scorecards.card import Card
from chezhe.scorecards.card_training import TrainedCard
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.features import Feature
from chezhe.scorecards.frame import Floats, Frame, target_of
from chezhe.scorecards.proposing import Proposal
from chezhe.scorecards.scaling import Scale

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

Chosen = npt.NDArray[np.bool_]
Say = Callable[[str], None]
TEST_SHARE = 0.2
ROWS_MIN = 200
CLASS_MIN = 20
AUTOMATIC, NONE = "auto", "none"


@dataclass(frozen=True)
class Options:
    """What the command line says. `monotone` is auto, none, or words such as `ltv:+`; `fairness` names columns to compare groups by;
    `rounds_max` bounds the trees of a price model, which then learn faster (0: as many as help); `inference` is a way of `rejects`;
    `purpose` is what the registry may use the model for, written into its card."""

    kind: str
    target: str
    monotone: tuple[str, ...] = (AUTOMATIC,)
    time: str = ""
    test_from: date | None = None
    exclude: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    fairness: tuple[str, ...] = ()
    seed: int = 1
    rounds_max: int = 0
    inference: str = rejects.FUZZY
    purpose: str = ""
    scale: Scale = field(default_factory=Scale)


@dataclass(frozen=True)
class Trained:
    """A model with everything its report needs. `chance` are the probabilities of the test rows by the model that never saw them."""

    model: Card | Boosting
    making: TrainedCard | TrainedBoosting
    proposal: Proposal
    frame: Frame
    test: Chosen
    target: Floats
    chance: Floats
    directions: dict[str, str]
    without_rejects: Floats | None = None


def train(table: pa.Table, options: Options, rejected: pa.Table | None = None, say: Say = lambda line: None) -> Trained:
    """Train a scorecard or a boosting model. Raises ModelError for targets, options and data that cannot work."""
    frame = Frame(table)
    target = target_of(frame, options.target, is_binary=True)
    test = split(frame, options)
    _checked(target, test)
    inside, outcome = frame.take(~test), target[~test]
    proposal = proposing.propose(inside, options.target, options.time, options.exclude)
    proposal.features = _features(inside, proposal, outcome, options)
    say(f"{len(proposal.features)} features, {len(proposal.excluded)} columns left out")
    signs = forced(options, proposal.features)
    made, added = _grow(inside, outcome, options, proposal, signs, rejected)
    chance = chances_of(made, frame.take(test))
    without = chances_of(_grow(inside, outcome, options, proposal, signs, None)[0], frame.take(test)) if rejected is not None else None
    if options.test_from is None:
        say("measured; training again on all rows")
        made = _again(made, frame, target, options, proposal, signs, added)
    return Trained(made.model, made, proposal, frame, test, target, chance, dict(made.model.directions), without)


def split(frame: Frame, options: Options) -> Chosen:
    """True for test rows. Raises `time_missing`, `time_not_a_date`, `test_empty`."""
    if options.test_from is None:
        return np.random.default_rng(options.seed).random(frame.rows) < TEST_SHARE
    if not options.time:
        raise ModelError("time_missing", "--time")
    if options.time not in frame.names:
        raise ModelError("column_missing", options.time, columns=options.time)
    found = frame.days(options.time) >= options.test_from.toordinal() - values.EPOCH
    if found.all() or not found.any():
        raise ModelError("test_empty", options.time, day=options.test_from.isoformat())
    return found


def forced(options: Options, features: list[Feature]) -> dict[str, str] | None:
    """The directions asked for; None leaves them to the data."""
    if options.monotone == (AUTOMATIC,):
        return None
    return {} if options.monotone == (NONE,) else directions.asked(options.monotone, features)


def chances_of(made: TrainedCard | TrainedBoosting, frame: Frame) -> Floats:
    """The probabilities of all rows of a frame, by the runtime."""
    rows = tables.rows_of(frame.table, made.model.columns)
    return np.array([each.probability for each in made.model.score_many(rows, reasons=False)])


def _checked(target: Floats, test: Chosen) -> None:
    for part in (target[~test], target[test]):
        if not len(part) or part.min() == part.max():
            raise ModelError("target_one_class", "")
    inside = target[~test]
    if len(inside) < ROWS_MIN or min(inside.sum(), len(inside) - inside.sum()) < CLASS_MIN:
        raise ModelError("rows_too_few", "", rows=len(inside), rows_min=ROWS_MIN, class_min=CLASS_MIN)


def _features(frame: Frame, proposal: Proposal, target: Floats, options: Options) -> list[Feature]:
    """The proposed features with codes told apart, and the ratios that single columns do not explain."""
    found = codes.told_apart(frame, proposal.features, target, options.categories)
    kept = [feature for feature in found if feature.name not in options.exclude]
    ones = np.ones(frame.rows)
    single = [candidates.prepare(frame, feature, target, ones, {}) for feature in kept]
    evidence = np.column_stack([each.evidence for each in single])
    intercept, slopes = fitting.not_negative(evidence, target, ones)
    chance = fitting.chances(intercept + evidence @ slopes)
    added = [] if ratios.SIGN in options.exclude else ratios.propose(frame, kept, target - chance, chance * (1 - chance))
    if options.kind == "scorecard":  # trees pair categories by themselves, and better
        added += ratios.pairs(frame, kept)
    check_excluded(options, proposal, found + added)
    return kept + [feature for feature in added if feature.name not in options.exclude]


def _grow(frame: Frame, target: Floats, options: Options, proposal: Proposal, signs: dict[str, str] | None,
          rejected: pa.Table | None) -> tuple[TrainedCard | TrainedBoosting, rejects.Added | None]:  # fmt: skip
    first = _fit(frame, target, None, options, proposal, signs)
    if rejected is None:
        return first, None
    added = rejects.augmented(frame, target, Frame(rejected), first.model, options.target, options.inference, options.seed)
    return _fit(added.frame, added.target, added.weights, options, proposal, signs), added


def _fit(frame: Frame, target: Floats, weights: Floats | None, options: Options, proposal: Proposal,
         signs: dict[str, str] | None, known: TrainedBoosting | None = None) -> TrainedCard | TrainedBoosting:  # fmt: skip
    if options.kind == "scorecard":
        return card_training.train(frame, proposal.features, target, weights, signs, options.scale)
    days = frame.days(options.time) if options.time else None
    return boosting_training.train(frame, proposal.features, target, weights, signs, options.seed, days, options.scale, known)


def _again(made: TrainedCard | TrainedBoosting, frame: Frame, target: Floats, options: Options, proposal: Proposal,
           signs: dict[str, str] | None, added: rejects.Added | None) -> TrainedCard | TrainedBoosting:  # fmt: skip
    """The same on all rows. Rounds, calibration and directions of a boosting model stay as they were learnt."""
    weights: Floats | None = None
    if added is not None:
        joined = added.joined_to(frame, target)
        frame, target, weights = joined.frame, joined.target, joined.weights
    known = made if isinstance(made, TrainedBoosting) else None
    return _fit(frame, target, weights, options, proposal, signs, known)


def check_excluded(options: Options, proposal: Proposal, features: list[Feature]) -> None:
    """What is excluded must be a column or a feature, so that a misspelt name is not quietly kept. Raises `column_missing`."""
    known = {ratios.SIGN, *proposal.excluded, *(feature.name for feature in features)}
    unknown = [name for name in options.exclude if name not in known]
    if unknown:
        raise ModelError("column_missing", unknown[0], columns=", ".join(unknown))
