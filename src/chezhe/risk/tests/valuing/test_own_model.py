"""The own price model: trained by the product's own pipeline on invented deals, asked in a valuation, silent when it is not whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from chezhe.risk.tests.valuing.yard import Yard, car_of, valued, worth
from chezhe.risk.valuing import own_model
from chezhe.risk.valuing.invented_deals import deals
from chezhe.risk.valuing.price_rows import SOLD_ON, TARGET, price_row
from chezhe.scorecards import pipeline
from chezhe.scorecards.training import Options


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("models") / "price"
    pipeline.train_table(place, pa.Table.from_pylist(list(deals(900, 3))), Options(target=TARGET, kind="valuation", exclude=(SOLD_ON,)))
    return place


def test_invented_deals_are_the_same_for_a_seed_and_in_order() -> None:
    first, again, other = list(deals(40, 3)), list(deals(40, 3)), list(deals(40, 4))
    assert first == again != other and [row[SOLD_ON] for row in first] == sorted(row[SOLD_ON] for row in first)
    asked = set(price_row(brand="", series="", energy_type="", usage_nature="", new_price=None, age_months=0, mileage_km=0, transfers=0, condition=None))
    assert set(first[0]) == asked | {SOLD_ON, TARGET} and all(row[TARGET] > 0 for row in first)


def test_its_price_has_an_interval_and_counts_in_the_vote(yard: Yard, folder: Path, settings: Any) -> None:
    settings.PRICE_MODEL = folder
    car = car_of(yard)
    found = valued(car, yard.shen)
    row = found.estimates.get(source="model")
    assert row.amount is not None and row.low is not None and row.high is not None and row.low < row.amount < row.high
    assert abs(row.amount.fen / worth(car).fen - 1) < 0.35 and len(row.inputs["model"]) == 12
    assert found.path == sorted(found.path, reverse=True) and found.path[0] == found.value.fen


def test_without_a_model_or_with_one_that_was_touched_there_is_no_estimate(yard: Yard, folder: Path, settings: Any, tmp_path: Path) -> None:
    car = car_of(yard)
    settings.PRICE_MODEL = tmp_path / "nothing"
    assert valued(car, yard.shen).estimates.get(source="model").failure == "no_model"
    touched = tmp_path / "touched"
    touched.mkdir()
    for file in folder.iterdir():
        (touched / file.name).write_bytes(file.read_bytes())
    (touched / "engine.json").write_bytes((folder / "engine.json").read_bytes() + b" ")
    settings.PRICE_MODEL = touched
    assert own_model.loaded(str(touched)) is None and valued(car, yard.shen).estimates.get(source="model").failure == "no_model"
