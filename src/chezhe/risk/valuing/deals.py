"""Cars that were sold: what comparable cars cost, how long they took, and how right the appraiser was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import Money
from chezhe.kernel import clock
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.risk.valuing.models import AppraiserRatio, MarketDeal, Valuing
from chezhe.vehicles.models import Vehicle
from chezhe.vehicles.values import VehicleFacts

# A sale says something of a report that is not older than this.
REPORT_DAYS = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """A car on offer: at which price since when, in which state, and when it was sold (None: not yet)."""

    price: Money
    listed_on: date
    sold_on: date | None = None
    mileage_km: int
    transfers: int = 0
    condition: str = "B"
    region: str = ""
    source: str


def facts_of(car: VehicleFacts | None, vehicle: Vehicle | None) -> VehicleFacts:
    """The description of the car that was sold. Raises Invalid (422) when there is none."""
    found = vehicle.facts if vehicle is not None else car
    if found is None:
        raise Invalid(field="vehicle_number", code="deal_car", sentence=_("请填写车辆编号，或描述成交的车。"))
    return found


def record(car: VehicleFacts, sold: Sold, *, on: date, by: Actor, vehicle: Vehicle | None = None) -> MarketDeal:
    """Keep a deal. Raises Invalid (422). The sale of a car of ours is held against its last report."""
    _require_possible(car, sold, on)
    assert car.first_registered_on is not None
    deal = MarketDeal.objects.create(
        vehicle=vehicle, brand=car.brand, series=car.series, model=car.model, energy_type=car.energy_type, usage_nature=car.usage_nature,
        first_registered_on=car.first_registered_on, mileage_km=sold.mileage_km, transfers=sold.transfers, condition=sold.condition,
        region=sold.region, price=sold.price, market_value=_value_then(vehicle, sold.listed_on), listed_on=sold.listed_on,
        sold_on=sold.sold_on, source=sold.source, recorded_at=clock.now(), recorded_by_name=by.name,
    )
    if vehicle is not None and sold.sold_on is not None:
        _hold_against(vehicle, sold.price, sold.sold_on)
    return deal


def _require_possible(car: VehicleFacts, sold: Sold, on: date) -> None:
    if sold.price.fen <= 0:
        raise Invalid(field="price", code="deal_price", sentence=_("成交价须大于零。"))
    if car.first_registered_on is None or sold.listed_on < car.first_registered_on:
        raise Invalid(field="listed_on", code="deal_listed_on", sentence=_("挂牌日期不能早于初次登记日期。"))
    if sold.listed_on > on or (sold.sold_on is not None and not sold.listed_on <= sold.sold_on <= on):
        raise Invalid(field="sold_on", code="deal_sold_on", sentence=_("成交日期须在挂牌日期与今天之间。"))


def _value_then(vehicle: Vehicle | None, day: date) -> Money | None:
    if vehicle is None:
        return None
    return Valuing.objects.filter(vehicle=vehicle, valued_on__lte=day, value__isnull=False).values_list("value", flat=True).first()


def _hold_against(vehicle: Vehicle, price: Money, sold_on: date) -> None:
    report = vehicle.reports.filter(status="submitted", valued_on__lte=sold_on).order_by("-valued_on", "-id").first()
    if report is None or report.amount is None or (sold_on - report.valued_on).days > REPORT_DAYS:
        return
    AppraiserRatio.objects.update_or_create(report=report, against="sale", defaults={
        "appraiser_id": report.appraiser_id, "truth": price, "measured_on": sold_on,
        "ratio": round(Decimal(report.amount.fen) / price.fen, 10),
    })
