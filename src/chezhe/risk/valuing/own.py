"""What the house itself says of a car's worth: its appraiser, its formulas, its model, the invoice. Reads, never writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from chezhe.finmath.money import Money
from chezhe.risk.valuing import bias, curves, formulas, own_model
from chezhe.risk.valuing.figures import Figures
from chezhe.risk.valuing.formulas import Deal, State
from chezhe.risk.valuing.models import AppraiserRatio, AppraiserReport, MarketDeal
from chezhe.risk.valuing.price_rows import Row
from chezhe.vehicles import rules as vehicle_rules
from chezhe.vehicles.models import Vehicle

DEALS_MOST, DEAL_DAYS, DEAL_AGE_MONTHS, INVOICE_DAYS = 20, 365, 24, 90
_GRADE_FACTORS = {"A": Decimal("1.05"), "B": Decimal("1.00"), "C": Decimal("0.90"), "D": Decimal("0.75")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One figure of the house, or why there is none; `told` is what was said before a correction."""

    source: str
    amount: Money | None = None
    low: Money | None = None
    high: Money | None = None
    told: Money | None = None
    failure: str = ""
    inputs: dict[str, Any] = field(default_factory=dict)
    report: AppraiserReport | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A car as the house knows it on a day. The report's reading and grade count before the file's."""

    vehicle: Vehicle
    on: date
    age_months: int | None
    mileage_km: int | None
    condition: str
    transfers: int
    report: AppraiserReport | None

    @property
    def energy(self) -> str:
        return curves.NEW_ENERGY if vehicle_rules.is_new_energy(self.vehicle.energy_type) else curves.CONVENTIONAL

    @property
    def state(self) -> State | None:
        """For comparison; None without an age or a mileage."""
        if self.age_months is None or self.mileage_km is None:
            return None
        return State(age_months=self.age_months, mileage_km=self.mileage_km, transfers=self.transfers, condition=self.condition)

    @property
    def row(self) -> Row | None:
        """For the price model; None without an age or a mileage. A grade counts when somebody gave it."""
        if self.age_months is None or self.mileage_km is None:
            return None
        return own_model.row_of(
            self.vehicle, self.on, age_months=self.age_months, mileage_km=self.mileage_km, transfers=self.transfers,
            condition=self.condition if self.report is not None else None)


def seen(vehicle: Vehicle, on: date, figures: Figures, *, transfers: int = 0) -> Seen:
    """The car with the newest report that still counts."""
    counting = vehicle.reports.filter(status="submitted", valued_on__lte=on, valued_on__gte=on - timedelta(days=figures.valid_days))
    report = counting.order_by("-valued_on", "-id").first()
    registered = vehicle.first_registered_on
    age = vehicle_rules.age_months(registered, on) if registered else 0 if vehicle.condition == "new" else None
    mileage = report.mileage_km if report else vehicle.mileage_km if vehicle.condition == "used" else vehicle.mileage_km or 0
    return Seen(vehicle, on, age, mileage, overall_grade(report.grades) if report else "B", transfers, report)


def overall_grade(grades: dict[str, str]) -> str:
    """The grade of the whole: the one in the middle of its parts, never more than one better than the worst."""
    ordered = sorted(grades.values()) or ["B"]
    best_allowed = chr(max(ord("A"), ord(ordered[-1]) - 1))
    return max(ordered[len(ordered) // 2], best_allowed)


def all_said(car: Seen, figures: Figures) -> list[Said]:
    """Everything the house can say of it, in the order of `choices.SOURCES`."""
    return [_appraised(car), _modelled(car), _cost(car, figures), _market(car, figures), _invoiced(car)]


def _appraised(car: Seen) -> Said:
    if car.report is None or car.report.amount is None:
        return Said(source="appraiser", failure="no_report")
    past = bias.measure(ratios_of(car.report.appraiser_id, excluding=car.report.pk))
    inputs = {"report": car.report.number, "bias_rate": str(past.rate), "bias_cars": past.count, "factor": str(past.factor)}
    return Said(
        source="appraiser", amount=car.report.amount.times(past.factor), told=car.report.amount, inputs=inputs, report=car.report)


def ratios_of(appraiser_id: int, *, excluding: int | None = None) -> list[Decimal]:
    """The appraiser's past, one ratio a report: against the sale where it is known."""
    rows = AppraiserRatio.objects.filter(appraiser_id=appraiser_id).exclude(report_id=excluding)
    return list(dict(rows.order_by("report_id", "against").values_list("report_id", "ratio")).values())


def _modelled(car: Seen) -> Said:
    row, scorer = car.row, own_model.in_force()
    if row is None:
        return Said(source="model", failure="no_age" if car.age_months is None else "no_mileage")
    found = None if scorer is None else own_model.estimate(row, scorer)
    if found is None:
        return Said(source="model", failure="no_model")
    return Said(source="model", amount=found.amount, low=found.low, high=found.high, inputs=dict(found.inputs))


def _cost(car: Seen, figures: Figures) -> Said:
    """Replacement cost; a new-energy car goes down its own curve instead of a straight line."""
    price = car.vehicle.guide_price
    if price is None:
        return Said(source="cost", failure="no_price")
    if car.age_months is None:
        return Said(source="cost", failure="no_age")
    factor, life = _GRADE_FACTORS[car.condition], figures.life_of(car.vehicle.usage_nature)
    inputs = {"replacement_cost": str(price), "age_months": car.age_months, "factor": str(factor)}
    if car.energy == curves.NEW_ENERGY:
        amount = curves.by_curve(price, age_months=car.age_months, energy=car.energy).times(factor)
    else:
        amount = formulas.by_replacement_cost(price, age_months=car.age_months, life_months=life, adjustment=factor)
        inputs["life_months"] = life
    return Said(source="cost", amount=amount, inputs=inputs) if amount.fen > 0 else Said(source="cost", failure="no_price")


def _market(car: Seen, figures: Figures) -> Said:
    state = car.state
    if state is None:
        return Said(source="market", failure="no_age" if car.age_months is None else "no_mileage")
    deals = list(comparable(car, state))
    amount = formulas.by_market(deals, state, figures.steps_of(car.vehicle.usage_nature))
    if amount is None or amount.fen <= 0:
        return Said(source="market", failure="few_deals", inputs={"deals": len(deals)})
    prices = sorted(deal.price for deal in deals)
    return Said(source="market", amount=amount, inputs={"deals": len(deals), "lowest": str(prices[0]), "highest": str(prices[-1])})


def comparable(car: Seen, state: State) -> Iterator[Deal]:
    """Deals of the last year in the same series, nearest in age first."""
    rows: Sequence[MarketDeal] = MarketDeal.objects.filter(
        brand=car.vehicle.brand, series=car.vehicle.series, energy_type=car.vehicle.energy_type, sold_on__lte=car.on,
        sold_on__gt=car.on - timedelta(days=DEAL_DAYS),
    ).exclude(vehicle=car.vehicle)[:500]
    aged = [(row, vehicle_rules.age_months(row.first_registered_on, row.sold_on or car.on)) for row in rows]
    near = sorted((abs(age - state.age_months), row.pk, row, age) for row, age in aged if abs(age - state.age_months) <= DEAL_AGE_MONTHS)
    for _distance, _key, row, age in near[:DEALS_MOST]:
        yield Deal(row.price, State(
            age_months=age, mileage_km=row.mileage_km, transfers=row.transfers, condition=row.condition, region=row.region))


def _invoiced(car: Seen) -> Said:
    """What was just paid for it. An old invoice says what it cost then, not what it is worth."""
    created = car.vehicle.created_at.date()
    if car.vehicle.invoice_price is None or (car.on - created).days > INVOICE_DAYS:
        return Said(source="invoice", failure="no_invoice")
    return Said(source="invoice", amount=car.vehicle.invoice_price, inputs={"recorded_on": created.isoformat()})
