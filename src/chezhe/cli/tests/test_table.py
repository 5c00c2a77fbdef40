"""`chezhe table lint` and `chezhe table eval`: findings and answers of tables that are well, mistyped, hostile or no tables at all."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from chezhe.cli.commands.table import UNREADABLE
from chezhe.cli.tests.conftest import Run
from chezhe.decisiontables import files
from chezhe.decisiontables.sentences import SHAPE

TABLE: dict[str, Any] = {
    "name": "price", "hit_policy": "FIRST",
    "inputs": [{"name": "score", "type": "integer"}, {"name": "income", "type": "number"}],
    "outputs": [{"name": "rate", "type": "number"}, {"name": "from", "type": "date"}],
    "rules": [
        {"when": [">= 650", "-"], "then": ["0.1188", 'date("2026-01-01")']},
        {"when": ["< 650", "> 0"], "then": ["income * 0.0000000001", ""]},
        {"when": ["-", "-"], "then": ["0.24", ""]},
    ],
}  # fmt: skip


def test_what_counts_as_unreadable_are_codes_of_the_shape() -> None:
    assert set(UNREADABLE) <= set(SHAPE)


def saved(folder: Path, change: dict[str, Any] | None = None) -> str:
    """A file with the table, changed."""
    path = folder / "table.json"
    path.write_text(json.dumps(TABLE | (change or {})), encoding="utf-8")
    return str(path)


def test_an_object_is_answered_by_an_object(chezhe: Run, tmp_path: Path) -> None:
    done = chezhe("table", "eval", saved(tmp_path), stdin={"score": 700})
    assert done.code == 0
    assert done.json == {"outcome": "matched", "outputs": {"rate": 0.1188, "from": "2026-01-01"}, "rows_hit": [1], "unknown": []}


def test_an_array_is_answered_by_an_array_in_which_a_bad_element_is_an_error(chezhe: Run, tmp_path: Path) -> None:
    done = chezhe("table", "eval", saved(tmp_path), stdin='[{"score":1,"income":0}, 5, {"score":1}, {"score":1,"score":2}]')
    first, second, third, fourth = done.json
    assert done.code == 0
    assert (first["outputs"], first["rows_hit"]) == ({"rate": 0.24, "from": None}, [3])
    assert second["error"]["code"] == "not_an_object" and fourth["error"]["code"] == "duplicate_key"
    assert (third["outcome"], third["outputs"], third["unknown"]) == ("refer", {}, ["income"])


def test_numbers_keep_their_digits(chezhe: Run, tmp_path: Path) -> None:
    done = chezhe("table", "eval", saved(tmp_path), stdin='{"score":1,"income":12345678901234}')
    assert json.loads(done.out, parse_float=Decimal)["outputs"]["rate"] == Decimal("1234.5678901234")
    assert '"rate": 1234.5678901234,' in done.out


@pytest.mark.parametrize("facts", ['{"score":"700"}', '{"score":700.5}', '{"score":null}', "{}", '{"score":1e999999999}', '{"score":true}', '{"score":[700]}'])
def test_a_wrong_or_missing_fact_is_referred(chezhe: Run, tmp_path: Path, facts: str) -> None:
    done = chezhe("table", "eval", saved(tmp_path), stdin=facts)
    assert (done.code, done.json["outcome"], done.json["outputs"]) == (0, "refer", {})
    assert "score" in done.json["unknown"]


def test_a_collecting_table_answers_a_list(chezhe: Run, tmp_path: Path) -> None:
    done = chezhe("table", "eval", saved(tmp_path, {"hit_policy": "C"}), stdin={"score": 700, "income": 5})
    assert [outputs["rate"] for outputs in done.json["outputs"]] == [0.1188, 0.24] and done.json["rows_hit"] == [1, 3]


def test_a_table_without_findings_is_exit_0_and_an_empty_list(chezhe: Run, tmp_path: Path) -> None:
    done = chezhe("table", "lint", saved(tmp_path))
    assert (done.code, done.json) == (0, [])


def test_an_xlsx_is_linted_and_asked_as_its_json_is(chezhe: Run, tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    path.write_bytes(files.write_xlsx(files.from_json(TABLE)))
    assert chezhe("table", "lint", str(path)).json == []
    assert chezhe("table", "eval", str(path), stdin={"score": 700}).json["rows_hit"] == [1]


@pytest.mark.parametrize(
    ("change", "code", "row", "column"),
    [
        ({"rules": [{"when": [">= 65O", "-"], "then": ["0.1", ""]}]}, "bad_number", 1, "score"),
        ({"rules": [{"when": ["-", "__import__('os')"], "then": ["0.1", ""]}]}, "bad_character", 1, "income"),
        ({"rules": [{"when": ["-", "< incom"], "then": ["0.1", ""]}]}, "word_unknown", 1, "income"),
        ({"rules": [{"when": ["-", "-"], "then": ['"cheap"', ""]}]}, "literal_type", 1, "rate"),
        ({"rules": [{"when": ["-"], "then": ["0.1", ""]}]}, "row_width", 1, None),
        ({"rules": []}, "empty_table", None, None),
        ({"inputs": [{"name": "score", "type": "interger"}]}, "unknown_type", None, "score"),
        ({"hit_policy": "BEST"}, "unknown_policy", None, None),
    ],
)
def test_a_mistake_is_a_finding_and_exit_1(
    chezhe: Run, tmp_path: Path, change: dict[str, Any], code: str, row: int | None, column: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for language in ("zh", "en"):
        monkeypatch.setenv("CHEZHE_LANGUAGE", language)
        done = chezhe("table", "lint", saved(tmp_path, change))
        found = [finding for finding in done.json if finding["code"] != "lint_incomplete"]
        assert (done.code, done.err) == (1, "")
        assert [(f["code"], f["severity"], f["row"], f["column"]) for f in found] == [(code, "error", row, column)]
        assert found[0]["message"].isascii() == (language == "en")


def test_a_mistyped_table_is_not_asked(chezhe: Run, tmp_path: Path) -> None:
    done = chezhe("table", "eval", saved(tmp_path, {"rules": [{"when": ["-", "> 5O"], "then": ["0.1", ""]}]}), stdin="{}")
    assert done.code == 2 and done.error["code"] == "bad_number" and (done.error["row"], done.error["column"]) == (1, "income")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_input"), (b"{", "invalid_json"), (b"\xff\xfe", "not_utf8"), (b"[]", "not_an_object"), (b"{}", "missing_key"), (b'{"name": NaN}', "invalid_json"),
        (b"PK\x03\x04nothing", "not_a_workbook"), (b'{"name":"a","name":"b"}', "duplicate_key"), (b'{"name":"a","rows":[]}', "unknown_key"), (b"[" * 100_000, "invalid_json"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("word", ["lint", "eval"])
def test_what_is_no_table_is_exit_2(chezhe: Run, tmp_path: Path, content: bytes, code: str, word: str) -> None:
    path = tmp_path / "table.json"
    path.write_bytes(content)
    done = chezhe("table", word, str(path), stdin="{}")
    assert done.code == 2 and done.error["code"] == code


def test_a_file_that_is_not_there_and_wrong_words_are_exit_2(chezhe: Run, tmp_path: Path) -> None:
    assert chezhe("table", "lint", str(tmp_path / "none.json")).error["code"] == "no_file"
    assert chezhe("table", "lint", str(tmp_path)).error["code"] == "no_file"
    assert chezhe("table", "lint", "a\x00b").error["code"] == "no_file"
    assert chezhe("table").error["code"] == "missing_argument"
    assert chezhe("table", "draw", "x").error["code"] == "unexpected_argument"
    assert chezhe("table", "lint", "x", "y").error["code"] == "unexpected_argument"
    assert chezhe("table", "--help").code == 0
