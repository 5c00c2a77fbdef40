"""The folder of a model is verified before use, and says what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chezhe.scorecards import artefact
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.tests.makers import small_card


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "card"
    artefact.save(place, "scorecard", {"card.json": artefact.dump(small_card().as_json())})
    return place


def refusal(folder: Path) -> str:
    with pytest.raises(ModelError) as refused:
        artefact.load(folder)
    return refused.value.code


def test_it_loads_what_it_saved(folder: Path) -> None:
    model = artefact.load(folder)
    assert model.kind == "scorecard" and model.columns == ("ltv", "employment") and len(model.hash) == 64
    row = {"ltv": 0.7, "employment": "salaried"}
    assert model.score(row) == small_card().score(row) and model.score_many([row, row]) == [model.score(row)] * 2


def test_the_same_content_has_the_same_hash(folder: Path, tmp_path: Path) -> None:
    again = artefact.save(tmp_path / "again", "scorecard", {"card.json": artefact.dump(small_card().as_json())})
    assert again == artefact.load(folder).hash


def test_it_refuses_a_truncated_file(folder: Path) -> None:
    path = folder / "card.json"
    path.write_bytes(path.read_bytes()[:-200])
    assert refusal(folder) == "artefact_changed"


def test_it_refuses_a_file_that_is_gone(folder: Path) -> None:
    (folder / "card.json").unlink()
    assert refusal(folder) == "artefact_changed"


def test_it_refuses_a_truncated_manifest_and_none_at_all(folder: Path, tmp_path: Path) -> None:
    path = folder / "manifest.json"
    path.write_bytes(path.read_bytes()[:40])
    assert refusal(folder) == "artefact_unreadable"
    assert refusal(tmp_path / "nowhere") == "artefact_missing"


def test_it_refuses_a_foreign_and_a_newer_artefact(folder: Path) -> None:
    path = folder / "manifest.json"
    told = json.loads(path.read_bytes())
    path.write_bytes(artefact.dump(told | {"format": "mlflow"}))
    assert refusal(folder) == "artefact_foreign"
    path.write_bytes(artefact.dump(told | {"kind": "oracle"}))
    assert refusal(folder) == "artefact_foreign"
    path.write_bytes(artefact.dump(told | {"schema": 2}))
    assert refusal(folder) == "artefact_version"


def test_a_manifest_cannot_reach_outside_its_folder(folder: Path) -> None:
    path = folder / "manifest.json"
    told = json.loads(path.read_bytes())
    path.write_bytes(artefact.dump(told | {"files": {"../card.json": "0" * 64}}))
    assert refusal(folder) == "artefact_schema"


def test_it_does_not_write_over_what_is_no_artefact(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(ModelError, match="folder_not_empty"):
        artefact.save(tmp_path, "scorecard", {"card.json": b"{}"})
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
