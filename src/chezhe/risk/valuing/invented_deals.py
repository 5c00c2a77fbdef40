"""Deals that never were: invented cars sold on invented days at what they were worth, to train a price model of one's own. Pure.

The price is the car's true value with the haggling of the day; the row holds only what a buyer could know: the odometer as it stands,
the grade of an appraiser (one in seven cars was not graded), nothing of accidents that nobody told of.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from math import exp
from random import Random

from chezhe.finmath.money import Money
from chezhe.identifiers import vin as vins
from chezhe.invented.car_models import MODELS
from chezhe.invented.car_values import condition_on, value_on
from chezhe.invented.cars import CarLife, car
from chezhe.risk.valuing.price_rows import SOLD_ON, TARGET, Row, price_row

FIRST_DAY, DAYS = date(2023, 1, 1), 1_150
YEARS = range(2012, 2026)
UNGRADED_RATE, HAGGLING = 0.14, 0.035
# How far the trims of one series lie apart in price, new as used.
TRIMS = 0.12
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"


def deals(count: int, seed: int) -> Iterator[Row]:
    """So many rows in the order of their days, always the same for a seed. Cars older than fourteen years are not traded."""
    draws = Random(seed)  # noqa: S311
    made: list[Row] = []
    while len(made) < count:
        life, on = car(_vin(draws)), FIRST_DAY + timedelta(days=draws.randrange(DAYS))
        if 3 <= life.age_months(on) <= 14 * 12:
            made.append(_row(life, on, draws))
    return iter(sorted(made, key=lambda row: str(row[SOLD_ON])))


def _vin(draws: Random) -> str:
    """A VIN of a maker that is on our roads; its plant is none whose digits choose a fate."""
    maker = draws.choice(MODELS).maker_code
    year = vins.YEAR_CODES[(draws.choice(YEARS) - vins.YEAR_FIRST) % vins.YEAR_CYCLE]
    body = f"{maker}{''.join(draws.choices(_LETTERS, k=5))}0{year}A{draws.randrange(10**6):06d}"
    return body[: vins.CHECK_POSITION] + vins.check_character(body) + body[vins.CHECK_POSITION + 1 :]


def _row(life: CarLife, on: date, draws: Random) -> Row:
    graded = draws.random() > UNGRADED_RATE
    trim = exp(TRIMS * draws.gauss(0, 1))
    price = value_on(life, on) * trim * exp(HAGGLING * draws.gauss(0, 1))
    row = price_row(
        brand=life.model.brand, series=life.model.series, energy_type=life.model.energy, usage_nature=life.usage,
        new_price=Money(round(life.model.price_fen * trim / 10_000) * 10_000), age_months=life.age_months(on),
        mileage_km=life.odometer_on(on), transfers=life.transfers_on(on), condition=condition_on(life, on) if graded else None, on=on,
    )
    return row | {TARGET: round(price / 100, -2)}
