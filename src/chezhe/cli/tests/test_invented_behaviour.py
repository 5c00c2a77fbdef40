"""The two models of existing customers are trained by our own commands, and rank people they have not seen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chezhe.cli import main

EXCLUDED = "behaviour_principal_left,behaviour_instalment_monthly,behaviour_deposit_left,behaviour_loans_running,observed_on.day,÷"


def test_a_new_training_ranks_later_rows_and_its_signs_are_right(tmp_path: Path) -> None:
    rows, out = str(tmp_path / "rows.parquet"), tmp_path / "model"
    assert main.main(["invented-behaviour", "--outcome", "late_90d", "--count", "4000", "--seed", "3", "--out", rows]) == 0
    words = ["model", "train", "--data", rows, "--target", "late_90d", "--kind", "scorecard", "--time", "observed_on"]
    assert main.main([*words, "--test-from", "2025-06-01", "--exclude", EXCLUDED, "--out", str(out)]) == 0
    assert json.loads((out / "metrics.json").read_text())["test"]["auc"] > 0.65
    for told in json.loads((out / "card.json").read_text())["characteristics"]:
        if told["feature"]["name"] in ("behaviour_dpd_now", "behaviour_worst_dpd_12m", "behaviour_days_late_6m"):
            assert told["direction"] == "+"


def test_it_says_what_it_cannot_write() -> None:
    for words in (["--outcome", "rich", "--out", "a.csv"], ["--outcome", "late_90d", "--out", "a.txt"], ["--out", "a.csv"]):
        with pytest.raises(SystemExit) as left:
            main.main(["invented-behaviour", *words])
        assert left.value.code == 2
