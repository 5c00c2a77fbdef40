"""The card that scores people in a new house: its figures are worked out again, on people it has not seen and on those it was tested on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chezhe.cli import main
from chezhe.risk.deciding.champion import SHIPPED
from chezhe.risk.facts.catalogue import CATALOGUE
from chezhe.risk.lab.generating import GROUPS, TARGET, TIME, WIDELY_KNOWN
from chezhe.scorecards import artefact, metrics, monitoring, tables
from chezhe.scorecards.card import Card
from chezhe.scorecards.frame import Frame

CARD = artefact.load(SHIPPED)
SAFER_WHEN_MORE = {"bureau_score", "phone_months"}


def told(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SHIPPED / name).read_text())
    return found


def invented(folder: Path, *words: str) -> Any:
    """Applications as the documented command writes them."""
    out = folder / "applications.parquet"
    assert main.main(["invented-applications", "--widely-known", "--groups", *words, "--out", str(out)]) == 0
    return tables.read(out)


def judged(table: Any) -> tuple[Any, Any]:
    """(outcome, probability) of every row, by the runtime that serves."""
    chance = np.array([each.probability for each in CARD.score_many(table, False)])
    return np.array(table.column(TARGET).to_pylist(), dtype=float), chance


def test_what_is_shipped_holds_what_it_promises() -> None:
    found, card = told("metrics.json")["test"], told("model_card.json")
    assert found["auc"] > 0.80 and found["ks"] > 0.45 and found["ece"] < 0.01 and found["rows"] > 4_000
    assert card["data"]["rows"] >= 20_000 and card["data"]["rows_trained"] + card["data"]["rows_tested"] == card["data"]["rows"]
    assert (card["split"]["time"], card["target"], card["kind"]) == (TIME, TARGET, "scorecard") and card["split"]["test_from"]
    assert isinstance(CARD.engine, Card) and set(CARD.columns) <= WIDELY_KNOWN <= set(CATALOGUE) and not set(CARD.columns) & {*GROUPS, "sex"}
    for code, sign in CARD.engine.directions.items():
        assert sign == ("-" if code in SAFER_WHEN_MORE else "+"), code


def test_it_ranks_two_thousand_people_it_has_never_seen_and_its_probabilities_come_true(tmp_path: Path) -> None:
    """Another seed is other people. With 127 bads an AUC is good to 0.02, so that the bound says "as promised" and not more."""
    outcome, chance = judged(invented(tmp_path, "--count", "2000", "--seed", "11"))
    found, promised = metrics.risk_figures(outcome, chance), told("metrics.json")["test"]
    assert found["rows"] == 2_000 and found["bads"] > 80
    assert found["auc"] > 0.80 and abs(found["auc"] - promised["auc"]) < 0.06 and found["ks"] > 0.45
    seen = monitoring.outcomes(outcome, chance)
    assert abs(seen.z) < 3.29 and seen.ece < max(0.01, 2 * seen.ece_noise)
    riskiest = np.argsort(-chance)[:200]
    assert outcome[riskiest].mean() > 4 * outcome.mean(), "the riskiest tenth"


@pytest.mark.long
def test_the_whole_of_its_test_comes_to_the_same_figures(tmp_path: Path) -> None:
    """All 24,000 of docs/risk-decision.md: the same data by its hash, and the same figures by the runtime to the sixth decimal."""
    card = told("model_card.json")
    table = invented(tmp_path, "--count", str(card["data"]["rows"]))
    assert Frame(table).content_hash() == card["data"]["sha256"] and table.num_rows >= 20_000
    days = table.column(TIME).to_pylist()
    is_test = np.array([str(day) >= card["split"]["test_from"] for day in days])
    outcome, chance = judged(table)
    assert metrics.risk_figures(outcome[is_test], chance[is_test]) == told("metrics.json")["test"]
