"""Deals of the market teach: comparable prices, days to sell, and how right an appraiser is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from chezhe.finmath.money import Money
from chezhe.invented.cars import car as life_of
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted
from chezhe.risk.actions.record_deal import record_deal
from chezhe.risk.tests.valuing.yard import TODAY, Yard, car_of, reported, valued, worth
from chezhe.risk.valuing import answering, own
from chezhe.risk.valuing.deals import Sold
from chezhe.risk.valuing.models import AppraiserRatio, MarketDeal


def sold(price: Money, **changes: Any) -> Sold:
    whole = {"price": price, "listed_on": TODAY - timedelta(40), "sold_on": TODAY - timedelta(10), "mileage_km": 60_000, "source": "二手车市场"}
    return Sold(**{**whole, **changes})


def test_three_comparable_deals_make_a_market_value(yard: Yard) -> None:
    car, by = car_of(yard), yard.ping
    owners = life_of(car.vin).transfers_on(TODAY)
    for price in (80_000_00, 90_000_00, 100_000_00):
        alike = sold(Money(price), mileage_km=car.mileage_km, transfers=owners)
        record_deal(car=car.facts, sold=alike, business_date=TODAY, by=by)
    row = valued(car, yard.shen).estimates.get(source="market")
    assert row.amount is not None and row.inputs["deals"] == 3
    assert abs(Decimal(row.amount.fen) / 90_000_00 - 1) < Decimal("0.02"), "same car, same state: the middle one"


def test_deals_of_other_series_ages_and_years_do_not_count(yard: Yard) -> None:
    car = car_of(yard)
    facts = car.facts
    for other in (replace(facts, series="别的车系"), replace(facts, first_registered_on=date(2012, 1, 1))):
        record_deal(car=other, sold=sold(Money(80_000_00)), business_date=TODAY, by=yard.ping)
    record_deal(car=facts, sold=sold(Money(80_000_00), listed_on=date(2024, 9, 1), sold_on=date(2024, 10, 1)), business_date=TODAY, by=yard.ping)
    record_deal(car=facts, sold=sold(Money(80_000_00), sold_on=None), business_date=TODAY, by=yard.ping)
    assert valued(car, yard.shen).estimates.get(source="market").failure == "few_deals"


@pytest.mark.parametrize("wrong", [
    {"price": Money(0)}, {"listed_on": date(1999, 1, 1)}, {"listed_on": TODAY + timedelta(1), "sold_on": None},
    {"sold_on": TODAY + timedelta(1)}, {"sold_on": TODAY - timedelta(41)},
])
def test_it_refuses_deals_that_cannot_be(yard: Yard, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        record_deal(car=car_of(yard).facts, sold=replace(sold(Money(1)), **wrong), business_date=TODAY, by=yard.ping)
    assert not MarketDeal.objects.exists()


def test_a_deal_needs_a_car_and_somebody_who_may(yard: Yard) -> None:
    with pytest.raises(Invalid):
        record_deal(sold=sold(Money(1)), business_date=TODAY, by=yard.ping)
    with pytest.raises(NotFound):
        record_deal(vehicle_number="V26-000000-0", sold=sold(Money(1)), business_date=TODAY, by=yard.ping)
    with pytest.raises(NotPermitted):
        record_deal(car=car_of(yard).facts, sold=sold(Money(1)), business_date=TODAY, by=yard.cast.lin)


def test_a_sale_is_held_against_the_report_and_the_appraiser_learns(yard: Yard) -> None:
    car = car_of(yard)
    dear = worth(car).times(Decimal("1.08"))
    report = reported(car, yard.ping, dear)
    valued(car, yard.shen)
    ratio = AppraiserRatio.objects.get(report=report, against="blend")
    assert ratio.ratio > 1 and ratio.truth != dear
    record_deal(vehicle_number=car.number, sold=sold(worth(car), listed_on=TODAY, sold_on=TODAY), business_date=TODAY, by=yard.ping)
    against_sale = AppraiserRatio.objects.get(report=report, against="sale")
    assert round(against_sale.ratio, 3) == Decimal("1.080")
    assert own.ratios_of(report.appraiser_id) == [against_sale.ratio], "the sale's word counts, one ratio a report"


def test_a_known_bias_is_taken_off_and_shown(yard: Yard) -> None:
    """Forty cars seen eight per cent too dear: the next report is brought down by a little less."""
    past = car_of(yard, serial=3)
    template = reported(past, yard.ping, Money(100_000_00), seed=1)
    for at in range(40):
        report = template.__class__.objects.create(
            number=f"VR26-9{at:05d}-0", vehicle=past, status="submitted", appraiser_id=template.appraiser_id, appraiser_name="平",
            begun_at=template.begun_at, valued_on=TODAY - timedelta(200), amount=Money(108_000_00), mileage_km=1)
        AppraiserRatio.objects.create(
            report=report, appraiser_id=report.appraiser_id, against="sale", truth=Money(100_000_00), ratio=Decimal("1.08"), measured_on=TODAY)
    car = car_of(yard, serial=2)
    reported(car, yard.ping, Money(100_000_00), seed=2)
    row = valued(car, yard.shen).estimates.get(source="appraiser")
    assert row.told == Money(100_000_00) and row.amount is not None and Money(92_000_00) < row.amount < Money(95_000_00)
    assert Decimal("0.05") < Decimal(row.inputs["bias_rate"]) < Decimal("0.08") and row.inputs["bias_cars"] == 40
    found = answering.biases([template.appraiser_id])[template.appraiser_id]
    assert found.count in (40, 41)


def test_cars_on_offer_teach_how_long_it_takes(yard: Yard) -> None:
    car = car_of(yard)
    before = valued(car, yard.shen).selling
    for at in range(60):
        MarketDeal.objects.create(
            brand="大众", model="x", energy_type=car.energy_type, usage_nature=car.usage_nature, first_registered_on=date(2020, 1, 1), mileage_km=1,
            price=Money(100), market_value=Money(100), listed_on=TODAY - timedelta(300 + at), sold_on=None, source="挂牌",
            recorded_at=car.created_at, recorded_by_name="平")
    after = valued(car, yard.shen).selling
    assert after["offers"] == 60 and after["median"] > before["median"]
    assert after["by_price"]["0.80"][0] < after["by_price"]["1.20"][0]
