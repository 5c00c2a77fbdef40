"""Risk models on generated applications: how long a training takes, how long one row, and how they stand beside plain rivals.

The rivals see the same rows: LightGBM as it comes, and a logistic regression on standardised figures and indicators of categories.
"""

from __future__ import annotations

from argparse import Namespace
from time import perf_counter, process_time
from typing import Any

from bench import _report

ROWS, SAMPLE = 50_000, 500


def run(asked: Namespace) -> dict[str, Any]:
    """Prints and returns the figures; `failures` when a file scores otherwise than its rows, or a card loses to plain regression."""
    from chezhe.scorecards.tests.makers import applications

    table = applications(asked.loans or ROWS)
    rivals = _rivals(table)
    print("  ".join(f"{name}: AUC {auc:.4f}" for name, auc in rivals.items()), flush=True)
    found = {kind: _measure(table, kind) for kind in ("scorecard", "boosting")}
    failures = [failure for figures in found.values() for failure in figures.pop("failures")]
    if found["scorecard"]["auc"] < rivals["logistic"] - 0.003:
        failures.append("the scorecard orders worse than a plain regression")
    return {"rows": table.num_rows, "rivals": rivals, **found, "failures": failures}


def _measure(table: Any, kind: str) -> dict[str, Any]:
    from chezhe.scorecards import metrics, training
    from chezhe.scorecards.training import Options

    begun = process_time()
    trained = training.train(table, Options(kind, "bad"))
    seconds = process_time() - begun
    rows = table.slice(0, SAMPLE).to_pylist()
    with_reasons, without = (_microseconds(trained.model, rows, reasons) for reasons in (True, False))
    is_same = trained.model.score_many(rows) == [trained.model.score(row) for row in rows]
    auc = metrics.auc(trained.target[trained.test], trained.chance)
    print(f"{kind}: trained in {seconds:.1f} s of CPU, AUC {auc:.4f}; one row {with_reasons:.0f} µs with reasons, {without:.0f} µs without")
    return {
        "train_s": round(seconds, 1), "auc": round(auc, 4), "row_us": round(without, 1), "row_with_reasons_us": round(with_reasons, 1),
        "failures": [] if is_same else [f"{kind}: a file scores otherwise than its rows"],
    }


def _microseconds(model: Any, rows: list[Any], reasons: bool) -> float:
    spent = []
    for row in rows:
        begun = perf_counter()
        model.score(row, reasons)
        spent.append((perf_counter() - begun) * 1e6)
    return _report.percentile(spent, 0.5)


def _rivals(table: Any) -> dict[str, float]:
    """AUC of two plain models on the test rows that the product's models are measured on."""
    import lightgbm
    import numpy as np
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    from chezhe.scorecards import metrics, training
    from chezhe.scorecards.frame import Frame, target_of
    from chezhe.scorecards.training import Options

    frame = Frame(table)
    target, test = target_of(frame, "bad", is_binary=True), training.split(frame, Options("boosting", "bad"))
    plain = table.select(["ltv", "bureau_score", "income", "debt", "branch_id"]).to_pandas().fillna(0.0)
    plain["age"] = frame.days("sold") - frame.days("born")
    for label in set(table.column("employment").to_pylist()) - {None}:
        plain[f"is_{label}"] = [float(value == label) for value in table.column("employment").to_pylist()]
    inputs = plain.to_numpy(dtype=float)
    spread = (inputs - inputs[~test].mean(axis=0)) / np.maximum(inputs[~test].std(axis=0), 1e-9)
    trees = lightgbm.train({"objective": "binary", "num_threads": 1, "verbose": -1}, lightgbm.Dataset(inputs[~test], target[~test]), 100)
    line = LogisticRegression(max_iter=500).fit(spread[~test], target[~test])
    return {
        "lightgbm": round(metrics.auc(target[test], np.asarray(trees.predict(inputs[test]))), 4),
        "logistic": round(metrics.auc(target[test], line.predict_proba(spread[test])[:, 1]), 4),
    }


if __name__ == "__main__":
    _report.main("models", run)
