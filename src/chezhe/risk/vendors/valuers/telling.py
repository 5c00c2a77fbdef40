"""What a provider thinks of a car: the truth of the market, seen through its own habits and what it was told of the car."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import exp

from chezhe.invented import fates
from chezhe.invented.car_values import CITY_FACTORS, CONDITIONS, USE_FACTORS, curve_of, days_to_sell, left_after, typical_fen
from chezhe.invented.cars import CarLife
from chezhe.invented.chance import Chance
from chezhe.invented.months import between, index
from chezhe.risk.vendors.valuers.answers import Condition, ModelFound, Prices, ResidualPoint, Valuation

MONTHS_AHEAD = (0, 3, 6, 12, 18, 24, 36, 48, 60)


@dataclass(frozen=True, slots=True)
class Habits:
    """`bias` is the provider's usual error (a fraction), `by_energy` more of it, `noise` the spread of single answers, `far_off_rate` how
    often it takes a car for quite another one, `margin` between buying and selling price, `knows_rate` of models."""

    bias: float
    by_energy: dict[str, float]
    noise: float
    far_off_rate: float
    margin: float
    knows_rate: float


HABITS = {
    "jingzhengu": Habits(-0.015, {"pure_electric": -0.03}, 0.022, 0.004, 0.13, 0.985),
    "che300": Habits(0.02, {"pure_electric": 0.05, "diesel": -0.04}, 0.035, 0.025, 0.16, 0.97),
}


def knows(provider: str, life: CarLife) -> bool:
    """Whether the provider has a price for this model at all."""
    return Chance(f"{provider}:{life.model.id}:{life.model_year}").happens("knows", HABITS[provider].knows_rate)


def model_of(life: CarLife) -> ModelFound:
    """The model that the VIN spells."""
    model = life.model
    return ModelFound(
        model_id=model.id, brand=model.brand, series=model.series, name=model.name, model_year=life.model_year,
        new_price_fen=model.price_fen, energy=model.energy)


def value_of(
    provider: str, life: CarLife, on: date, *, city: str, registered_on: date, mileage_km: int, condition: Condition,
    new_price_fen: int | None = None, contradicts: bool = False,
) -> Valuation:
    """A valuation as of a day. The same car asked about again the same days gets the same price; a month brings another opinion."""
    habits, chance, model = HABITS[provider], Chance(f"{provider}:{life.vin}"), life.model
    years, curve = max(0, between(registered_on, on)) / 12, curve_of(model.energy, model.body)
    worth = typical_fen(new_price_fen or model.price_fen, curve, model.keeps, years, mileage_km, on)
    worth *= CONDITIONS[condition] * 1.03 * USE_FACTORS.get(life.usage, 1.0) * 0.97 ** min(4, life.transfers_on(on))
    worth *= CITY_FACTORS.get(city, 1.0) * (1 + habits.bias + habits.by_energy.get(model.energy, 0.0))
    worth *= exp(0.045 * 0.6 * life.chance.normal("taste") + habits.noise * Chance(f"{provider}:{life.vin}:{index(on)}").normal("noise"))
    worth *= _far_off(chance, habits, life)
    middle = max(100_000, int(worth) // 10_000 * 10_000)
    prices = Prices(c2b_fen=int(middle * (1 - habits.margin / 2)), b2b_fen=middle, b2c_fen=int(middle * (1 + habits.margin / 2)))
    if contradicts:
        prices = Prices(c2b_fen=prices.b2c_fen, b2b_fen=middle, b2c_fen=prices.c2b_fen)
    return Valuation(
        number=f"{provider[:2].upper()}{on:%Y%m%d}{chance.whole('number', 0, 10**8 - 1):08d}", model_id=model.id, valued_on=on,
        valid_until=on + timedelta(days=30), city=city, mileage_km=mileage_km, condition=condition, prices=prices,
        residuals=_path(middle, curve, years), days_to_sell=max(2, int(days_to_sell(life, on) * exp(0.25 * chance.normal("days")))),
        comparable_deals=chance.whole("deals", 3, 240),
    )


def _far_off(chance: Chance, habits: Habits, life: CarLife) -> float:
    if life.fate.code == fates.FAR_OFF:
        return 1.38 if habits.bias > 0 else 0.92
    if not chance.happens("far off", habits.far_off_rate):
        return 1.0
    return 0.68 if chance.happens("too low", 0.5) else 1.36


def _path(middle: int, curve: str, years: float) -> tuple[ResidualPoint, ...]:
    now = left_after(curve, years)
    return tuple(
        ResidualPoint(months=months, price_fen=middle if not months else int(middle * left_after(curve, years + months / 12) / now))
        for months in MONTHS_AHEAD
    )
