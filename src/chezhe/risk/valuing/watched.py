"""What the price model is watched by: the cars it was asked about, and the deals that were recorded."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext_noop

from chezhe.finmath.days import month_step
from chezhe.finmath.money import Money
from chezhe.kernel import parameters
from chezhe.risk.registry import evidence, purposes
from chezhe.risk.registry.evidence import Period, Seen
from chezhe.risk.registry.purposes import Looked, Purpose
from chezhe.risk.valuing import own_model
from chezhe.risk.valuing.models import Estimate, MarketDeal
from chezhe.risk.valuing.price_inputs import INPUTS
from chezhe.risk.valuing.price_rows import SOLD_ON, Row, price_row
from chezhe.vehicles import rules as vehicle_rules
from chezhe.vehicles.models import Vehicle

ROWS_MAX: Final = 5000
DEALS_MIN: Final = "MODEL_DEALS_MIN"
NAME: Final = gettext_noop("随系统提供的估值模型")
Trim = tuple[str, str, str]


def register() -> None:
    """Called once at start-up."""
    purposes.register(Purpose(
        code=own_model.PURPOSE, inputs=INPUTS, recent=_asked, matured=_sold, kinds=("valuation",), outcomes_min=DEALS_MIN, figure="price",
        shipped=own_model.SHIPPED, name=NAME))


def _asked(on: date) -> Looked:
    """Every car that the model in force was asked about of late, as it was asked the last time."""
    period = evidence.recent(on)
    rows = Estimate.objects.filter(
        source="model", amount__isnull=False, valued_on__gte=period.first, valued_on__lte=period.last, inputs__has_key="row")
    newest = rows.order_by("valuing__vehicle_id", "-id").distinct("valuing__vehicle_id").values_list("inputs", flat=True)
    return Looked(period, [Seen(_facts(inputs["row"])) for inputs in newest[:ROWS_MAX]])


def _sold(on: date, known_at: datetime) -> Looked:
    """The deals of the last months whose car's price when new is known: its own, or that of the same model on file."""
    period = Period(month_step(on, -parameters.count(evidence.COHORT_MONTHS, on), on.day), on)
    deals = MarketDeal.objects.filter(sold_on__gte=period.first, sold_on__lte=period.last, recorded_at__lte=known_at)
    newest = list(deals.select_related("vehicle").order_by("-sold_on", "-id")[:ROWS_MAX])
    prices = _prices_when_new(newest)
    seen = []
    for deal in newest:
        own = deal.vehicle.guide_price if deal.vehicle is not None else None
        price = own or prices.get((deal.brand, deal.series, deal.model))
        if price is not None:
            seen.append(Seen(_facts(_row(deal, price)), deal.price.fen / 100))
    return Looked(period, seen)


def _prices_when_new(deals: list[MarketDeal]) -> dict[Trim, Money]:
    rows = Vehicle.objects.filter(brand__in={deal.brand for deal in deals}, guide_price__isnull=False).order_by("pk")
    told = rows.values_list("brand", "series", "model", "guide_price")
    return {(brand, series, model): price for brand, series, model, price in told}


def _row(deal: MarketDeal, new_price: Money) -> Row:
    assert deal.sold_on is not None
    return price_row(
        brand=deal.brand, series=deal.series, energy_type=deal.energy_type, usage_nature=deal.usage_nature, new_price=new_price,
        age_months=vehicle_rules.age_months(deal.first_registered_on, deal.sold_on), mileage_km=deal.mileage_km, transfers=deal.transfers,
        condition=deal.condition, on=deal.sold_on,
    )


def _facts(row: dict[str, Any]) -> dict[str, Any]:
    """What was known of the row, its day as a date."""
    return {name: date.fromisoformat(value) if name == SOLD_ON else value for name, value in row.items() if value is not None}
