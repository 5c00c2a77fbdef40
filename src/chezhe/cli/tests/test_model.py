"""`chezhe model …` on the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chezhe.cli.tests.conftest import run
from chezhe.scorecards.tests.makers import applications


@pytest.fixture
def data(tmp_path: Path) -> Path:
    from pyarrow import parquet

    path = tmp_path / "applications.parquet"
    parquet.write_table(applications(1200), path)
    return path


def test_it_trains_and_scores_and_says_what_it_found(data: Path, tmp_path: Path) -> None:
    found = run("model", "train", "--data", str(data), "--target", "bad", "--kind", "scorecard", "--out", str(tmp_path / "card"), "--monotone", "ltv:+")
    assert found.code == 0 and found.json["kind"] == "scorecard" and found.json["test"]["auc"] > 0.6
    scored = run("model", "score", "--model", str(tmp_path / "card"), "--data", str(data), "--out", str(tmp_path / "scored.csv"))
    assert scored.code == 0 and scored.json["rows"] == 1200 and scored.json["model"] == found.json["hash"]
    assert (tmp_path / "scored.csv").read_text().splitlines()[0] == '"row_id","probability","score","reasons"'


def test_trees_are_trained_with_a_report_of_their_inputs(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "trees"
    found = run("model", "train", "--data", str(data), "--target", "bad", "--kind", "boosting", "--monotone", "ltv:+", "--out", str(out))
    assert found.code == 0 and found.json["kind"] == "boosting" and found.json["test"]["auc"] > 0.6
    page = (out / "report.html").read_text()
    assert all(title in page for title in ("Ranges and bad rates", "Correlations", "mean probability")) and page.count("<svg") > 6
    scored = run("model", "score", "--model", str(out), "--data", str(data), "--out", str(tmp_path / "scored.parquet"), "--no-reasons")
    assert scored.code == 0 and scored.json["rows"] == 1200
    watched = run("model", "watch", "--model", str(out), "--data", str(data), "--target", "bad")
    assert watched.code == 0 and watched.json["population"] == "stable"


def test_it_refuses_with_a_code_and_a_sentence(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHEZHE_LANGUAGE", "en")
    wanted = ["--target", "bad", "--kind", "scorecard", "--out", str(tmp_path / "out")]
    missing = run("model", "train", "--data", str(tmp_path / "nowhere.csv"), *wanted)
    assert missing.code == 2 and missing.error == {"code": "file_missing", "message": 'There is no file "nowhere.csv".', "field": "nowhere.csv"}
    (tmp_path / "one.csv").write_text("a,bad\n" + "1,0\n2,0\n" * 200)
    one = run("model", "train", "--data", str(tmp_path / "one.csv"), *wanted)
    assert one.code == 1 and '"target_one_class"' in one.err
    foreign = run("model", "score", "--model", str(tmp_path), "--data", str(data), "--out", str(tmp_path / "o.csv"))
    assert foreign.code == 1 and foreign.error["code"] == "artefact_missing"


@pytest.mark.parametrize("words", [
    [], ["fit"], ["train"], ["score", "--model", "x"], ["train", "--kind", "oracle"], ["train", "--data", "a.csv", "--seed", "one"],
    ["train", "--data", "a.csv", "--target", "b", "--kind", "scorecard", "--out", "o", "--test-from", "yesterday"],
    ["train", "--data", "a.csv", "--target", "b", "--kind", "scorecard", "--out", "o", "--rounds-max", "9"],
    ["train", "--data", "a.csv", "--target", "b", "--kind", "scorecard", "--out", "o", "--reject-inference", "guessing"],
])  # fmt: skip
def test_it_refuses_words_it_cannot_read(words: list[str]) -> None:
    assert run("model", *words).code == 2


def test_it_needs_no_django() -> None:
    program = (
        "import sys; from chezhe.cli.main import main; code = main(['model', '--help']); "
        "heavy = [n for n in ('django', 'numpy', 'lightgbm', 'pyarrow', 'psycopg') if n in sys.modules]; sys.exit(f'loaded {heavy}' if heavy else code)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))})
    assert done.returncode == 0 and "chezhe model train" in done.stdout, done.stderr


def test_what_a_model_is_for_is_named_as_the_registry_names_it() -> None:
    from chezhe.cli.commands.model import PURPOSES
    from chezhe.risk.registry import labels

    assert set(PURPOSES) == set(dict(labels.PURPOSES))
