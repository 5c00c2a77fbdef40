"""What a car is really worth on a day, what it will be worth, and how long it takes to sell."""

from __future__ import annotations

from datetime import date
from math import exp, log

from chezhe.invented.cars import CarLife
from chezhe.invented.months import index

# Left of the new price after so many years, by energy: the first year costs most, electric cars fall faster.
CURVES = {
    "petrol": (1.0, 0.84, 0.745, 0.66, 0.585, 0.52, 0.46, 0.405, 0.355, 0.31, 0.27),
    "pure_electric": (1.0, 0.74, 0.61, 0.51, 0.425, 0.355, 0.295, 0.245, 0.205, 0.17, 0.14),
    "plug_in_hybrid": (1.0, 0.79, 0.675, 0.58, 0.50, 0.43, 0.37, 0.315, 0.27, 0.23, 0.195),
    "truck": (1.0, 0.76, 0.62, 0.51, 0.42, 0.345, 0.285, 0.235, 0.195, 0.16, 0.13),
}
_LIKE = {"diesel": "petrol", "gas": "petrol", "hybrid": "petrol", "range_extended": "plug_in_hybrid", "fuel_cell": "pure_electric"}
# A market that falls a little every month, faster for electric cars (from January 2024 on).
_DRIFT_A_MONTH = {"pure_electric": -0.0040, "plug_in_hybrid": -0.0028, "petrol": -0.0016, "truck": -0.0020}
_DRIFT_FROM = 2024 * 12
NORM_KM_A_YEAR = 20_000
USE_FACTORS = {"ride_hail": 0.80, "freight": 0.90, "rental": 0.86, "commercial_to_private": 0.84, "taxi": 0.75}
MISHAP_FACTORS = {"minor": 0.993, "major": 0.72, "flood": 0.55, "fire": 0.45}
CONDITIONS = {"A": 1.0, "B": 0.95, "C": 0.88, "D": 0.75}
CITY_FACTORS = {"深圳": 1.02, "上海": 1.02, "北京": 1.01, "广州": 1.01, "沈阳": 0.97, "长春": 0.97}


def curve_of(energy: str, body: str = "") -> str:
    """The curve that a kind of car follows."""
    return "truck" if body in ("truck", "van") else _LIKE.get(energy, energy)


def left_after(curve: str, years: float) -> float:
    """The share of the new price left after some years; beyond ten it falls by an eighth a year."""
    points = CURVES[curve]
    if years >= len(points) - 1:
        return points[-1] * float(0.875 ** (years - len(points) + 1))
    whole = int(max(0.0, years))
    return float(exp(log(points[whole]) + (log(points[whole + 1]) - log(points[whole])) * (max(0.0, years) - whole)))


def condition_on(life: CarLife, on: date) -> str:
    """A to D, as an honest appraiser would see it."""
    wear = life.mileage_on(on) / 260_000 + life.age_months(on) / 240 - 0.35 * life.care
    worst = any(mishap.kind != "minor" for mishap in life.mishaps_on(on))
    grade = 0 if wear < 0.1 else 1 if wear < 0.45 else 2 if wear < 0.9 else 3
    return "ABCD"[min(3, max(grade, 2 if worst else 0))]


def typical_fen(price_fen: int, curve: str, keeps: float, years: float, km: int, on: date) -> float:
    """What a car of this kind, age and mileage is worth on a day in fen, nothing else being known of it."""
    worth = price_fen * left_after(curve, years) * keeps ** min(1.0, years / 2)
    # Two per cent for every ten thousand kilometres more or less than the norm.
    worth *= max(0.55, min(1.15, 1 - 0.02 * (km - NORM_KM_A_YEAR * years) / 10_000))
    return float(worth * exp(_DRIFT_A_MONTH[curve] * (index(on) - _DRIFT_FROM)))


def value_on(life: CarLife, on: date, city: str = "") -> int:
    """True market value in fen, between dealers' buying and selling price."""
    model, years = life.model, life.age_months(on) / 12
    worth = typical_fen(model.price_fen, curve_of(model.energy, model.body), model.keeps, years, life.mileage_on(on), on)
    worth *= USE_FACTORS.get(life.usage, 1.0) * 0.97 ** min(4, life.transfers_on(on)) * CITY_FACTORS.get(city, 1.0)
    for mishap in life.mishaps_on(on):
        worth *= MISHAP_FACTORS[mishap.kind]
    worth *= (0.94 + 0.12 * life.care) * exp(0.045 * life.chance.normal("taste"))
    return max(100_000, int(worth) // 10_000 * 10_000)


def days_to_sell(life: CarLife, on: date, price_rate: float = 1.0) -> int:
    """How many days a dealer needs at `price_rate` of the true value."""
    days = 34 / life.model.demand * exp(3.2 * (price_rate - 1)) * exp(0.5 * life.chance.normal("patience"))
    days *= 1 + 0.004 * life.age_months(on) + (0.6 if life.has_had("major", on) or life.has_had("flood", on) else 0)
    return max(2, min(365, int(days)))
