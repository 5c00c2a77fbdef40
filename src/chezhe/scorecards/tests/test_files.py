"""From file to folder to file, the report included."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pytest
from pyarrow import csv, parquet

from chezhe.scorecards import artefact, bundle, fairness, pipeline, tables, training
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.frame import Frame
from chezhe.scorecards.tests.makers import applications, used_cars
from chezhe.scorecards.training import Options


@pytest.fixture(scope="module")
def folder(a_card: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("models") / "card"
    artefact.save(place, "scorecard", bundle.files(a_card, Options("scorecard", "bad", fairness=("employment", "ltv")), "applications.parquet"))
    return place


def test_a_csv_scores_as_its_parquet(folder: Path, tmp_path: Path) -> None:
    table = applications(200, seed=3).drop_columns(["bad"])
    parquet.write_table(table, tmp_path / "in.parquet")
    csv.write_csv(table, tmp_path / "in.csv")
    for kind in ("parquet", "csv"):
        pipeline.score_to(tmp_path / f"out.{kind}", folder, tmp_path / f"in.{kind}")
    first, second = tables.read(tmp_path / "out.parquet"), tables.read(tmp_path / "out.csv")
    assert first.column_names == ["row_id", "probability", "score", "reasons"] and first.to_pylist() == second.to_pylist()


def test_a_spreadsheet_in_gb18030_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("职业,金额\n教师,1.5\n司机,\n".encode("gb18030"))
    assert tables.read(tmp_path / "a.csv").to_pylist() == [{"职业": "教师", "金额": 1.5}, {"职业": "司机", "金额": None}]


def test_reasons_can_be_read_back(folder: Path) -> None:
    scored = artefact.load(folder).score_many(applications(50, seed=3))
    told = pipeline.answers(scored)["reasons"]
    assert any(told) and all(re.fullmatch(r"(.+:\d+(; )?)*", each) for each in told)


def test_it_refuses_files_it_cannot_use(folder: Path, tmp_path: Path) -> None:
    def refusal(data: str, out: str = "out.csv") -> str:
        with pytest.raises(ModelError) as refused:
            pipeline.score_to(tmp_path / out, folder, tmp_path / data)
        return refused.value.code

    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "head.csv").write_text("ltv,employment\n")
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 and then nothing")
    (tmp_path / "twice.csv").write_text("ltv,ltv\n1,2\n")
    (tmp_path / "narrow.csv").write_text("ltv\n0.5\n")
    (tmp_path / "a.xlsx").write_bytes(b"PK")
    assert refusal("nowhere.csv") == "file_missing" and refusal("a.xlsx") == "file_kind" and refusal("narrow.csv", "out.txt") == "file_kind"
    assert refusal("empty.csv") == "file_empty" and refusal("head.csv") == "file_empty"
    assert refusal("bad.parquet") == "file_unreadable" and refusal("twice.csv") == "column_twice" and refusal("narrow.csv") == "column_missing"
    assert not (tmp_path / "out.csv").exists()


def test_the_report_is_one_file_in_two_languages(folder: Path) -> None:
    page = (folder / "report.html").read_text()
    assert not re.search(r"https?://|<script|<link|url\(", page)
    assert page.count("<svg") >= 6 and 'lang="zh-CN"' in page and "Bins and points" in page and "分箱与得分" in page
    for word in ("AUC", "KS", "PSI", "Fairness", "Correlations", "Model card"):
        assert word in page
    assert "&lt;script" in bundle_page_with_hostile_names()


def test_the_report_draws_the_two_curves_of_the_ks_with_the_gap_and_a_table_beside_them(folder: Path) -> None:
    told = json.loads((folder / "metrics.json").read_bytes())["test"]["ks"]
    part = (folder / "report.html").read_text().partition("Order: KS")[2].partition("<h2>")[0]
    assert [part.count(f'<polyline class="{kind}"') for kind in ("observed", "goods")] == [1, 1]
    assert part.count('<line class="gap"') == 1 and f">KS {told:.4f}</text>" in part
    assert f'<span class="flag">{told:.4f}</span>' in part and ">100.0%</td><td>100.0%</td><td>0.0000</td>" in part
    scores = [int(each) for each in re.findall(r"<tr><td>(-?\d+)</td>", part)]
    assert len(scores) >= 5 and scores == sorted(scores)
    ends = [points.split()[place] for points in re.findall(r'<polyline class="\w+" points="([^"]+)"', part) for place in (0, -1)]
    assert ends[0] == ends[2] and ends[1] == ends[3], "both begin with nobody and end with everybody"


def test_the_stability_by_month_is_said_in_plain_numbers_with_both_limits_drawn(folder: Path) -> None:
    drawings = (folder / "report.html").read_text().partition("Month by month")[2].partition("<h2>")[0].split("<svg")[1:]
    stable = next(one for one in drawings if "<rect" in one).partition("</svg>")[0]
    limits = re.findall(r'<line class="limit"[^>]*y1="([\d.]+)"[^>]*/><text[^>]*>([\d.%]+)</text>', stable)
    assert [words for _y, words in limits] == ["0.10", "0.25"] and float(limits[0][0]) > float(limits[1][0])
    axis = re.findall(r'text-anchor="end">([^<]+)</text>', stable)
    assert len(axis) == 5 and "%" not in stable and all(re.fullmatch(r"\d\.\d\d", each) for each in axis)
    assert "%" in drawings[0], "bad rates stay in per cent"


def bundle_page_with_hostile_names() -> str:
    table = applications(1500).rename_columns(["row_id", "<script>", *applications(1).column_names[2:]])
    trained = training.train(table, Options("scorecard", "bad"))
    page = bundle.files(trained, Options("scorecard", "bad"))["report.html"].decode()
    assert "<script" not in page
    return page


def test_metrics_and_card_say_what_an_auditor_asks(folder: Path) -> None:
    found, card = json.loads((folder / "metrics.json").read_bytes()), json.loads((folder / "model_card.json").read_bytes())
    assert {"auc", "ks", "ece", "rows"} <= found["test"].keys() and found["by_month"] and found["fairness"]
    assert len(card["data"]["sha256"]) == 64 and card["split"]["seed"] == 1 and card["left_out"]["row_id"] == "row_name"
    assert card["data"]["sha256"] == Frame(applications(3000)).content_hash() != Frame(applications(3000, seed=1)).content_hash()


def test_recalibration_names_its_parent_and_mends_the_rate(folder: Path, tmp_path: Path) -> None:
    table = applications(2500, seed=21)
    outcome = np.where(np.random.default_rng(1).random(2500) < 0.12, 1, np.array(table.column("bad")))
    table = table.set_column(table.column_names.index("bad"), "bad", pa.array(outcome))
    parquet.write_table(table, tmp_path / "newer.parquet")
    told = pipeline.recalibrate_to(tmp_path / "newer", folder, tmp_path / "newer.parquet", "bad")
    newer = artefact.load(tmp_path / "newer")
    assert told["parent"] == artefact.load(folder).hash == newer.manifest["parent"] and newer.hash == told["hash"] != told["parent"]
    before: Any = told["before"]
    after: Any = told["after"]
    assert after["ece"] < before["ece"] and abs(after["expected_rate"] - after["bad_rate"]) < 0.002
    assert abs(after["auc"] - before["auc"]) < 0.001
    assert newer.document("model_card.json")["recalibrations"]
    assert pipeline.watch(folder, tmp_path / "newer.parquet", "bad")["overall"] == "moved"
    found = pipeline.watch(tmp_path / "newer", tmp_path / "newer.parquet", "bad")
    assert {each["what"]: each["verdict"] for each in found["findings"] if each["what"] != "csi"} == {  # type: ignore[attr-defined]
        "psi": "stable", "rate": "stable", "ece": "stable", "auc": "watch"}  # recalibration cannot bring back order that was lost


def test_watching_without_outcomes_says_so(folder: Path, tmp_path: Path) -> None:
    parquet.write_table(applications(500, seed=4).drop_columns(["bad"]), tmp_path / "now.parquet")
    found = pipeline.watch(folder, tmp_path / "now.parquet")
    assert found["outcome"] == "not_judged" and found["overall"] != "stable"


@pytest.mark.parametrize("way", ["fuzzy", "parcelling"])
def test_rejects_are_reported_with_and_without(way: str, tmp_path: Path) -> None:
    parquet.write_table(applications(2000), tmp_path / "in.parquet")
    parquet.write_table(applications(600, seed=5).drop_columns(["bad", "noise"]), tmp_path / "refused.parquet")
    options = Options("scorecard", "bad", exclude=("noise",), inference=way)
    first = pipeline.train_to(tmp_path / "model", tmp_path / "in.parquet", options, tmp_path / "refused.parquet")
    found, page = json.loads((tmp_path / "model" / "metrics.json").read_bytes()), (tmp_path / "model" / "report.html").read_text()
    assert found["test"] != found["test_without_reject_inference"] and found["reject_inference"] == way
    assert "Reject inference" in page and ("by parcelling" in page) == (way == "parcelling")
    again = pipeline.train_to(tmp_path / "again", tmp_path / "in.parquet", options, tmp_path / "refused.parquet")
    assert again["hash"] == first["hash"]
    with pytest.raises(ModelError, match="column_missing"):
        parquet.write_table(applications(60).select(["ltv"]), tmp_path / "narrow.parquet")
        pipeline.train_to(tmp_path / "other", tmp_path / "in.parquet", options, tmp_path / "narrow.parquet")
    with pytest.raises(ModelError, match="inference_unknown"):
        pipeline.train_to(
            tmp_path / "other", tmp_path / "in.parquet", replace(options, inference="guessing"), tmp_path / "refused.parquet")


def test_a_price_model_goes_through_the_same_doors(tmp_path: Path) -> None:
    parquet.write_table(used_cars(1200), tmp_path / "cars.parquet")
    found = pipeline.train_to(tmp_path / "value", tmp_path / "cars.parquet", Options("valuation", "price"))
    pipeline.score_to(tmp_path / "out.csv", tmp_path / "value", tmp_path / "cars.parquet")
    out = tables.read(tmp_path / "out.csv")
    assert out.column_names == ["row_id", "value", "low", "high", "reasons"] and found["test"]["mape"] < 0.1  # type: ignore[index]
    assert "Depreciation formula" in (tmp_path / "value" / "report.html").read_text()
    with pytest.raises(ModelError, match="not_recalibrable"):
        pipeline.recalibrate_to(tmp_path / "b", tmp_path / "value", tmp_path / "cars.parquet", "price")


def test_groups_are_compared_at_one_cut_off() -> None:
    table = pa.table({"sex": ["f", "m"] * 200, "age": [float(n) for n in range(400)]})
    chance = np.tile([0.1, 0.3], 200) + np.linspace(0, 0.01, 400)
    found = {each.group: each for each in fairness.compare(Frame(table), ["sex", "age"], np.tile([0.0, 1.0], 200), chance)}
    assert found["f"].ratio == 1.0 and found["m"].ratio < fairness.FOUR_FIFTHS and found["m"].approved == pytest.approx(0.4)
    assert len([name for name in found if name.startswith("age")]) == 4
    with pytest.raises(ModelError, match="column_missing"):
        fairness.compare(Frame(table), ["religion"], np.zeros(400), chance)
