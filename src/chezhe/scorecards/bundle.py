"""From a trained risk model to the files of its artefact: engine, schema, metrics, model card, report."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from datetime import date
from importlib.metadata import version

import numpy as np

from chezhe.scorecards import artefact, fairness, metrics, monitoring, training, values
from chezhe.scorecards.boosting import Boosting
from chezhe.scorecards.card import Card
from chezhe.scorecards.features import Feature
from chezhe.scorecards.frame import Floats, Frame
from chezhe.scorecards.proposing import Proposal
from chezhe.scorecards.training import Chosen, Options, Trained

LIBRARIES = ("numpy", "lightgbm", "scipy", "pyarrow")
CATEGORIES_SHOWN = 40


def files(trained: Trained, options: Options, data_name: str = "") -> dict[str, bytes]:
    """Everything but the manifest, by file name."""
    from chezhe.scorecards.papers import risk_report

    everybody = training.chances_of(trained.making, trained.frame)
    told = {
        "schema.json": schema(trained.frame, trained.test, trained.model, everybody[~trained.test]),
        "metrics.json": measured(trained, options, everybody),
        "model_card.json": model_card(trained, options, data_name),
    }
    found = {name: artefact.dump(content) for name, content in told.items()}
    found |= engine_files(trained.model)
    found["report.html"] = risk_report.report(trained, options, told).encode()
    return found


def engine_files(model: Card | Boosting) -> dict[str, bytes]:
    """The files the runtime reads."""
    if isinstance(model, Card):
        return {"card.json": artefact.dump(model.as_json())}
    return {"engine.json": artefact.dump(model.as_json())} | {name: text.encode() for name, text in model.texts.items()}


def measured(trained: Trained, options: Options, everybody: Floats) -> dict[str, object]:
    """metrics.json: the test rows by the model that had not seen them, month by month when time is known, groups side by side."""
    target, chance = trained.target[trained.test], trained.chance
    found: dict[str, object] = {
        "test": metrics.risk_figures(target, chance),
        "gains": [
            {"rows": each.rows, "bads": each.bads, "expected": round(each.expected, 3), "lowest": round(each.lowest, 6),
             "bads_so_far": round(each.bads_so_far, 6)} for each in metrics.gains(target, chance)
        ],
        "by_month": by_month(trained, options, everybody),
    }  # fmt: skip
    if options.fairness:
        found["fairness"] = [
            group.as_json() for group in fairness.compare(trained.frame.take(trained.test), options.fairness, target, chance)
        ]
    if trained.without_rejects is not None:
        found["test_without_reject_inference"] = metrics.risk_figures(target, trained.without_rejects)
        found["reject_inference"] = options.inference
    return found


def by_month(trained: Trained, options: Options, everybody: Floats) -> list[dict[str, object]]:
    """For each month of the time column: rows, bad rate, expected rate, the score's PSI against the training rows; all rows scored."""
    column = options.time or trained.proposal.time
    if not column:
        return []
    days = trained.frame.days(column)
    chance = everybody.copy()
    chance[trained.test] = trained.chance
    cuts = monitoring.tenths(chance[~trained.test])
    base = monitoring.shares(chance[~trained.test], cuts)
    months = np.array([month_of(day) for day in days])
    found: list[dict[str, object]] = []
    for month in sorted(set(months.tolist()) - {""}):
        inside = months == month
        seen = monitoring.outcomes(trained.target[inside], chance[inside])
        found.append({
            "month": month, "rows": seen.rows, "is_test": bool(trained.test[inside].mean() > 0.5),
            "bad_rate": round(seen.bads / seen.rows, 6),
            "expected_rate": round(seen.expected / seen.rows, 6), "ece": round(seen.ece, 6), "z": round(seen.z, 3),
            "psi": round(monitoring.psi(base, monitoring.shares(chance[inside], cuts)), 6),
        })  # fmt: skip
    return found


def schema(frame: Frame, test: Chosen, model: Card | Boosting, chance: Floats) -> dict[str, object]:
    """schema.json: how each input and the score were spread over the training rows; what drift is measured against."""
    inside = frame.take(~test)
    cuts = monitoring.tenths(chance)
    return {
        "columns": list(model.columns), "features": [spread(inside, feature) for feature in inputs(model)],
        "probability": {"cuts": cuts, "shares": _rounded(monitoring.shares(chance, cuts))},
    }  # fmt: skip


def inputs(model: Card | Boosting) -> list[Feature]:
    """The features of a model, each once."""
    found = [each.feature for each in (model.characteristics if isinstance(model, Card) else model.matrix.columns)]
    return list(dict.fromkeys(found))


def category_shares(frame: Frame, feature: Feature, categories: Iterable[str]) -> list[float]:
    """The share of rows of each category, then of all others, then of the missing."""
    texts = frame.texts(feature)
    counts = np.bincount(texts.codes + 1, minlength=len(texts.labels) + 1)
    by_label = dict(zip(texts.labels, counts[1:].tolist(), strict=True))
    known = [float(by_label.get(label, 0)) for label in categories]
    return _rounded([count / frame.rows for count in [*known, frame.rows - counts[0] - sum(known), float(counts[0])]])


def model_card(trained: Trained, options: Options, data_name: str) -> dict[str, object]:
    """model_card.json: what an auditor asks first."""
    return data_card(trained.frame, trained.test, trained.proposal, options, data_name) | {
        "scale": options.scale.as_json(), "directions": trained.directions, "monotone": list(options.monotone),
        "features": [feature.as_json() for feature in inputs(trained.model)],
    }  # fmt: skip


def data_card(frame: Frame, test: Chosen, proposal: Proposal, options: Options, data_name: str) -> dict[str, object]:
    """The part of the model card that is about the data, the split and the machine's libraries."""
    days = frame.days(options.time) if options.time else None
    stated: dict[str, object] = {"purpose": options.purpose} if options.purpose else {}
    return {
        "kind": options.kind, "target": options.target, "data": {
            "file": data_name, "sha256": frame.content_hash(), "rows": frame.rows,
            "rows_trained": int((~test).sum()) if options.test_from else frame.rows, "rows_tested": int(test.sum()),
            "first_day": _day(days, min), "last_day": _day(days, max),
        },
        "split": {"time": options.time, "test_from": options.test_from.isoformat() if options.test_from else "", "seed": options.seed},
        "left_out": proposal.excluded,
        "versions": {"python": platform.python_version()} | {library: version(library) for library in LIBRARIES},
    } | stated  # fmt: skip


def spread(frame: Frame, feature: Feature) -> dict[str, object]:
    """How a feature is spread: shares of ten ranges, or of its most common categories; missing last."""
    if feature.is_text:
        texts = frame.texts(feature)
        counts = np.bincount(texts.codes[texts.codes >= 0], minlength=len(texts.labels))
        common = [texts.labels[place] for place in np.argsort(-counts, kind="stable")[:CATEGORIES_SHOWN]]
        return {"feature": feature.as_json(), "categories": common, "shares": category_shares(frame, feature, common)}
    numbers = frame.numbers(feature)
    cuts = monitoring.tenths(numbers)
    return {"feature": feature.as_json(), "cuts": cuts, "shares": _rounded(monitoring.shares(numbers, cuts))}


def _rounded(shares: list[float]) -> list[float]:
    return [round(share, 8) for share in shares]


def month_of(day: float) -> str:
    """2026-01, or nothing for a missing day."""
    return "" if day != day else date.fromordinal(int(day) + values.EPOCH).strftime("%Y-%m")


def _day(days: Floats | None, choose: object) -> str:
    known = [] if days is None else days[~np.isnan(days)].tolist()
    return date.fromordinal(int(choose(known)) + values.EPOCH).isoformat() if known else ""  # type: ignore[operator]
