"""What the command line and the pages call: files in, an artefact or a scored file out. Nothing here knows of a database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chezhe.scorecards import artefact, bundle, calibration, features, metrics, monitoring, scaling, tables, training
from chezhe.scorecards.artefact import Model
from chezhe.scorecards.boosting import Boosting
from chezhe.scorecards.card import Card
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.features import Feature
from chezhe.scorecards.frame import Floats, Frame, target_of
from chezhe.scorecards.monitoring import Outcomes, Prices, Verdict
from chezhe.scorecards.scored import Scored, Valued
from chezhe.scorecards.training import Options
from chezhe.scorecards.valuation import Valuation

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

Say = Callable[[str], None]
ROW_ID = "row_id"
RECALIBRATION_ROWS_MIN = 100


def silent(line: str) -> None:
    """For callers who want to hear nothing."""


def train_to(folder: Path, data: Path, options: Options, rejects: Path | None = None, say: Say = silent) -> dict[str, object]:
    """Train on a file and save the artefact; gives back its hash and the figures of the test rows."""
    if options.kind not in artefact.KINDS:
        raise ModelError("kind_unknown", "--kind", value=options.kind, known=", ".join(artefact.KINDS))
    table = tables.read(data)
    say(f"{data.name}: {table.num_rows} rows, {table.num_columns} columns")
    return train_table(folder, table, options, tables.read(rejects) if rejects else None, data.name, say)


def train_table(
    folder: Path, table: pa.Table, options: Options, rejects: pa.Table | None = None, name: str = "", say: Say = silent
) -> dict[str, object]:
    """The same for a table in memory."""
    table = tables.plain(table)
    if options.kind == "valuation":
        from chezhe.scorecards import valuation_training

        files, figures = valuation_training.files(table, options, name, say)
    else:
        trained = training.train(table, options, rejects, say)
        files = bundle.files(trained, options, name)
        figures = metrics.risk_figures(trained.target[trained.test], trained.chance)
    found = artefact.save(folder, options.kind, files)
    return {"hash": found, "kind": options.kind, "test": figures}


def score_to(out: Path, model_folder: Path, data: Path, with_reasons: bool = True) -> dict[str, object]:
    """Score a file into a file: `row_id` if there is one, `probability`, `score`, `reasons`; for prices `value`, `low`, `high`."""
    if out.suffix not in (".parquet", ".csv"):
        raise ModelError("file_kind", out.name)
    model = artefact.load(model_folder)
    table = tables.read(data)
    scored = model.score_many(table, with_reasons)
    columns: dict[str, Any] = {ROW_ID: table.column(ROW_ID)} if ROW_ID in table.column_names else {}
    tables.write(out, columns | answers(scored))
    return {"rows": table.num_rows, "model": model.hash, "out": out.name}


def answers(scored: list[Scored] | list[Valued]) -> dict[str, list[Any]]:
    """Answers as columns; reasons as text, `code:points` by the largest first, so that parquet and CSV say the same."""
    reasons = ["; ".join(f"{reason.code}:{reason.points_lost}" for reason in each.reasons) for each in scored]
    if scored and isinstance(scored[0], Valued):
        names = ("value", "low", "high")
    else:
        names = ("probability", "score")  # type: ignore[assignment]
    return {name: [getattr(each, name) for each in scored] for name in names} | {"reasons": reasons}


def recalibrate_to(out: Path, model_folder: Path, data: Path, target: str) -> dict[str, object]:
    """A new version of a model whose probabilities fit newer outcomes; its manifest names the parent by hash."""
    model = artefact.load(model_folder)
    files, before, after = recalibrated(model, tables.read(data), target)
    return {"hash": artefact.save(out, model.kind, files, parent=model.hash), "parent": model.hash, "before": before, "after": after}


def recalibrated(model: Model, table: pa.Table, target: str) -> tuple[dict[str, bytes], dict[str, float | int], dict[str, float | int]]:
    """The files of the recalibrated artefact, and the figures of the given rows before and after.

    Raises `rows_too_few`, `not_recalibrable`.
    """
    engine = _engine_of(model)
    outcome = target_of(Frame(table), target, is_binary=True)
    if len(outcome) < RECALIBRATION_ROWS_MIN:
        raise ModelError("rows_too_few", "", rows=len(outcome), rows_min=RECALIBRATION_ROWS_MIN, class_min=1)
    chance = _chances(engine, table)
    slope, shift = calibration.platt(np.array([scaling.logit(each) for each in chance.tolist()]), outcome)
    newer = engine.recalibrated(round(slope, 6), round(shift, 6))
    before, after = metrics.risk_figures(outcome, chance), metrics.risk_figures(outcome, _chances(newer, table))
    card = model.document("model_card.json") if "model_card.json" in model.files else {}
    history = [*card.get("recalibrations", []), {  # type: ignore[misc]
        "parent": model.hash, "slope": round(slope, 6), "shift": round(shift, 6), "data_sha256": Frame(table).content_hash(),
        "before": before, "after": after,
    }]  # fmt: skip
    kept = {name: content for name, content in model.files.items() if not name.startswith(("card.", "engine.", "model_card."))}
    files = kept | bundle.engine_files(newer) | {"model_card.json": artefact.dump(card | {"recalibrations": history})}
    if "schema.json" in files:
        files["schema.json"] = artefact.dump(_moved(model.document("schema.json"), round(slope, 6), round(shift, 6)))
    return files, before, after


def _moved(schema: dict[str, Any], slope: float, shift: float) -> dict[str, Any]:
    """The schema with its probability cuts recalibrated, so that drift is not mistaken for the recalibration itself."""
    cuts = [scaling.probability(slope * scaling.logit(cut) + shift) for cut in schema["probability"]["cuts"]]
    return schema | {"probability": schema["probability"] | {"cuts": cuts}}


def watch(model_folder: Path, data: Path, target: str = "") -> dict[str, object]:
    """Judge drift on a file, with outcomes when `target` names them."""
    verdict = judged(artefact.load(model_folder), tables.read(data), target)
    return {
        "overall": verdict.overall, "population": verdict.population, "outcome": verdict.outcome,
        "findings": [{"what": each.what, "of": each.of, "value": round(each.value, 6),
        "verdict": each.verdict} for each in verdict.findings],
    }  # fmt: skip


def judged(model: Model, table: pa.Table, target: str = "") -> Verdict:
    """PSI of the score, CSI of every input and, with outcomes, whether probabilities came true."""
    score_psi, csi = drift(model, table)
    if isinstance(model.engine, Valuation):
        seen = prices_came_true(model, table, target) if target else None
        return monitoring.judge_prices(score_psi, csi, seen, promised(model))
    if not target:
        return monitoring.judge(score_psi, csi)
    return monitoring.judge(score_psi, csi, *came_true(model, table, target))


def drift(model: Model, table: pa.Table) -> tuple[float, dict[str, float]]:
    """How far who applies has moved from the training rows: PSI of the score (of prices: of the value's logarithm, against what was paid
    then), CSI of every input by name."""
    told = model.document("schema.json")
    is_price = isinstance(model.engine, Valuation)
    base: Any = told["log_price" if is_price else "probability"]
    said = np.log(_values(model, table)[0]) if is_price else _chances(_engine_of(model), table)
    score_psi = monitoring.psi(base["shares"], monitoring.shares(said, base["cuts"]))
    frame = Frame(table)
    return score_psi, {each["feature"]["name"]: _csi(frame, each) for each in told["features"]}  # type: ignore[attr-defined]


def came_true(model: Model, table: pa.Table, target: str) -> tuple[Outcomes, float | None, float]:
    """Observed against expected, the AUC in training and the AUC now, of rows with outcomes. Raises `not_recalibrable`."""
    chance, outcome = _chances(_engine_of(model), table), target_of(Frame(table), target, is_binary=True)
    trained: Any = model.document("metrics.json")["test"]
    return monitoring.outcomes(outcome, chance), trained.get("auc"), metrics.auc(outcome, chance)


def prices_came_true(model: Model, table: pa.Table, target: str) -> Prices:
    """What was paid, in the column `target`, against the values and intervals of a price model. Raises `target_not_positive`."""
    return monitoring.prices(target_of(Frame(table), target, is_binary=False), *_values(model, table))


def promised(model: Model) -> tuple[float, float]:
    """The mean absolute percentage error and the coverage of a price model's test rows."""
    test: Any = model.document("metrics.json")["test"]
    return float(test["mape"]), float(test["coverage"])


def _values(model: Model, table: pa.Table) -> tuple[Floats, Floats, Floats]:
    found: Any = model.engine.score_many(tables.rows_of(table, model.columns), reasons=False)
    value, low, high = (np.array([getattr(each, name) for each in found]) for name in ("value", "low", "high"))
    return value, low, high


def _engine_of(model: Model) -> Card | Boosting:
    if not isinstance(model.engine, (Card, Boosting)):
        raise ModelError("not_recalibrable")
    return model.engine


def _csi(frame: Frame, told: dict[str, Any]) -> float:
    feature: Feature = features.from_json(told["feature"])
    if feature.is_text:
        return monitoring.psi(told["shares"], bundle.category_shares(frame, feature, told["categories"]))
    return monitoring.psi(told["shares"], monitoring.shares(frame.numbers(feature), told["cuts"]))


def _chances(engine: Card | Boosting, table: pa.Table) -> Floats:
    return np.array([each.probability for each in engine.score_many(tables.rows_of(table, engine.columns), reasons=False)])
