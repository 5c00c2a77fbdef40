"""The own price model: trained by the product's own pipeline on invented deals, asked in a valuation, silent when it is not whole."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.documents.tests.people import hire
from chezhe.finmath.money import Money
from chezhe.kernel import roles
from chezhe.kernel.actor import SYSTEM, Reach
from chezhe.kernel.models import Parameter
from chezhe.risk.actions.record_deal import record_deal
from chezhe.risk.actions.submit_model import submit_model
from chezhe.risk.actions.upload_model import upload_model
from chezhe.risk.actions.watch_model import watch_model
from chezhe.risk.deciding import champion
from chezhe.risk.deciding.champion import SHIPPED
from chezhe.risk.profiles import scoring
from chezhe.risk.registry import source
from chezhe.risk.registry.errors import ModelRefused
from chezhe.risk.registry.models import ScoringModel, ShadowAnswer
from chezhe.risk.registry.packing import pack
from chezhe.risk.tests.valuing.yard import TODAY, Yard, car_of, valued, worth
from chezhe.risk.valuing import own_model
from chezhe.risk.valuing.deals import Sold
from chezhe.risk.valuing.invented_deals import deals
from chezhe.risk.valuing.price_inputs import INPUTS
from chezhe.risk.valuing.price_rows import SOLD_ON, TARGET, price_row
from chezhe.scorecards import artefact, pipeline
from chezhe.scorecards.training import Options
from chezhe.vehicles.models import Vehicle


def zipped(folder: Path) -> bytes:
    return pack({path.name: path.read_bytes() for path in folder.iterdir()})


def trained(place: Path, seed: int) -> bytes:
    """A small model of invented deals, packed as it is uploaded."""
    table = pa.Table.from_pylist(list(deals(900, seed)))
    pipeline.train_table(place, table, Options(target=TARGET, kind="valuation", time=SOLD_ON, rounds_max=80))
    return zipped(place)


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return trained(tmp_path_factory.mktemp("models") / "price", 3)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return trained(tmp_path_factory.mktemp("models") / "other", 4)


def test_invented_deals_are_the_same_for_a_seed_and_in_order() -> None:
    first, again, other = list(deals(40, 3)), list(deals(40, 3)), list(deals(40, 4))
    assert first == again != other and [row[SOLD_ON] for row in first] == sorted(row[SOLD_ON] for row in first)
    asked = set(price_row(brand="", series="", energy_type="", usage_nature="", new_price=None, age_months=0, mileage_km=0, transfers=0, condition=None, on=TODAY))
    assert asked == set(INPUTS) and set(first[0]) == asked | {TARGET} and all(row[TARGET] > 0 for row in first)


def test_the_shipped_one_is_in_force_and_holds_what_it_promises(db: None) -> None:
    row = ScoringModel.objects.get(purpose="valuation", status="active")
    told = row.metrics["test"]
    assert row.is_shipped and row.kind == "valuation" and told["rows"] > 6_000
    assert told["median_ape"] < 0.08 and 0.88 < told["coverage"] < 0.92 and row.card["data"]["rows"] >= 20_000
    assert champion.scorer_called(row.content_hash) is None, "what values cars decides about nobody"
    assert set(row.inputs) <= set(INPUTS) and SOLD_ON in row.inputs and row.content_hash == artefact.hash_of(own_model.SHIPPED)


def test_its_price_has_an_interval_and_counts_in_the_vote(yard: Yard, packed: bytes) -> None:
    model = brought(yard, packed)
    car = car_of(yard)
    found = valued(car, yard.shen)
    row = found.estimates.get(source="model")
    assert row.amount is not None and row.low is not None and row.high is not None and row.low < row.amount < row.high
    assert abs(row.amount.fen / worth(car).fen - 1) < 0.35 and row.inputs["model"] == model.content_hash
    assert row.inputs["number"] == model.number and row.inputs["row"]["sold_on"] == "2026-03-16"
    assert found.path == sorted(found.path, reverse=True) and found.path[0] == found.value.fen
    scorer = source.by_hash(row.inputs["model"])
    assert scorer is not None and own_model.estimate(row.inputs["row"], scorer).amount == row.amount  # type: ignore[union-attr]


def test_without_a_model_there_is_no_estimate(yard: Yard) -> None:
    assert valued(car_of(yard), yard.shen).estimates.get(source="model").failure == "no_model"


def test_what_is_no_price_model_values_no_cars_and_the_other_way_round(yard: Yard, packed: bytes) -> None:
    for data, purpose, code in ((packed, "person", "model_kind"), (zipped(SHIPPED), "valuation", "model_kind_price"),
                                (zipped(scoring.SHIPPED / "warning"), "valuation", "model_kind_price")):
        with pytest.raises(ModelRefused) as refused:
            upload_model(data=data, name="估值二号", purpose=purpose, by=yard.qin)
        assert refused.value.code == code


def test_a_model_that_asks_for_what_nobody_serves_is_refused(yard: Yard, tmp_path: Path) -> None:
    table = pa.Table.from_pylist([row | {"colour_code": n % 7 + n / 1000} for n, row in enumerate(deals(600, 3))])
    pipeline.train_table(tmp_path / "odd", table, Options(target=TARGET, kind="valuation", time=SOLD_ON, rounds_max=20))
    with pytest.raises(ModelRefused) as refused:
        upload_model(data=zipped(tmp_path / "odd"), name="估值二号", purpose="valuation", by=yard.qin)
    assert refused.value.code == "model_inputs" and "colour_code" in str(refused.value)


def test_a_challenger_answers_beside_it_and_weighs_nothing(yard: Yard, packed: bytes, other: bytes) -> None:
    model, rival = brought(yard, packed), upload_model(data=other, name="估值三号", purpose="valuation", by=yard.qin)
    ScoringModel.objects.filter(pk=rival.pk).update(status="shadow")
    found = valued(car_of(yard), yard.shen)
    row, beside = found.estimates.get(source="model"), ShadowAnswer.objects.get()
    assert (beside.model, beside.subject, beside.live_hash) == (rival, found.subject, model.content_hash)
    assert beside.live == Decimal(row.amount.fen) / 100 and beside.said > 0 and beside.said != beside.live
    assert found.estimates.filter(source="model").count() == 1


def test_it_is_watched_by_the_cars_asked_about_and_the_deals_recorded(yard: Yard, packed: bytes) -> None:
    Parameter.objects.create(code="MODEL_WATCH_ROWS_MIN", value="1", unit="count", effective_from=TODAY, source="风险政策")
    model = brought(yard, packed)
    car = car_of(yard)
    valued(car, yard.shen)
    sell(car, yard, 29)
    first = watch_model(scoring_model_number=model.number, business_date=TODAY, by=SYSTEM)
    assert first.rows == 1 and first.psi is not None and "age_months" in first.csi
    assert first.outcome_rows == 29 and first.outcome == "not_judged"
    sell(car, yard, 30)
    dearer = watch_model(scoring_model_number=model.number, business_date=TODAY, by=SYSTEM)
    assert dearer.outcome_rows == 59 and dearer.outcome == "moved" and first.status == "open", "one car is another population"
    findings = {one["what"]: one for one in dearer.findings}
    assert findings["bias"]["verdict"] == "moved" and findings["coverage"]["verdict"] == "moved" and findings["mape"]["verdict"] == "moved"
    assert dearer.mape > Decimal("0.4") and dearer.coverage < Decimal("0.2") and dearer.bads > 40


def sell(car: Vehicle, yard: Yard, count: int) -> None:
    """Cars like this one fetched twice what it is worth."""
    for n in range(count):
        price = Money(2 * worth(car).fen + n * 10_000)
        record_deal(
            car=replace(car.facts, vin="", plate=""), sold=Sold(
                price=price, listed_on=TODAY, sold_on=TODAY, mileage_km=car.mileage_km or 0, source="车商"),
            business_date=TODAY, by=yard.ping)


def brought(yard: Yard, packed: bytes) -> ScoringModel:
    """Uploaded, and agreed to by another person."""
    he = hire("何", yard.cast.east, roles.COMPLIANCE, reach=Reach.ALL)
    rui = hire("瑞", yard.cast.east, roles.RISK_MANAGER, reach=Reach.ALL)
    model = upload_model(data=packed, name="估值二号", purpose="valuation", by=rui)
    asked = submit_model(scoring_model_number=model.number, wish="active", reason="误差更小", by=rui)
    cast_vote(request_number=asked.request_number, verdict="agree", opinion="", by=he)
    asked.refresh_from_db()
    assert asked.status == "active"
    return asked
