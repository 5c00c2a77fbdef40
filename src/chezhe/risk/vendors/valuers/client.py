"""Two valuation providers, asked in one form and answering in one.

    POST /identify {…,"vin"}
    POST /value    {…,"vin","model_id","city","registered_on","mileage_km","condition","new_price_fen"}

`model_id` may be empty: then the VIN decides. `new_price_fen` (or null) is the maker's price for a model the provider does not list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chezhe.risk.vendors.asking import Question, WrongAnswer, ask
from chezhe.risk.vendors.valuers.answers import Condition, ModelFound, Valuation

PROVIDERS = ("jingzhengu", "che300")
TIMEOUT_SECONDS = 6
# No car is worth more than two hundred million fen (two million yuan) above its new price, and none nothing.
_MARGIN_MAX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CarAsked:
    """The car as we know it: `condition` A to D by our appraiser, `new_price_fen` the maker's price where we have it."""

    vin: str
    city: str
    registered_on: date
    mileage_km: int
    condition: Condition = "B"
    model_id: str = ""
    new_price_fen: int | None = None


def identify(provider: str, question: Question, *, vin: str) -> ModelFound | None:
    """The model of a VIN; None when the provider does not know it. Raises as `asking.ask` does, here and below."""
    return ask(provider, "/identify", question, ModelFound, timeout_seconds=TIMEOUT_SECONDS, vin=vin)


def value(provider: str, question: Question, car: CarAsked) -> Valuation | None:
    """Prices and residual path of one car; None when the provider has no price for it."""
    found = ask(
        provider, "/value", question, Valuation, timeout_seconds=TIMEOUT_SECONDS, vin=car.vin, model_id=car.model_id, city=car.city,
        registered_on=car.registered_on.isoformat(), mileage_km=car.mileage_km, condition=car.condition, new_price_fen=car.new_price_fen)
    if found is not None:
        _require_sound(provider, found, car)
    return found


def _require_sound(provider: str, found: Valuation, car: CarAsked) -> None:
    prices, path = found.prices, found.residuals
    if not 0 < prices.c2b_fen <= prices.b2b_fen <= prices.b2c_fen <= _MARGIN_MAX * prices.c2b_fen:
        raise WrongAnswer(f"{provider}: the prices are against each other")
    if found.mileage_km != car.mileage_km or found.condition != car.condition:
        raise WrongAnswer(f"{provider}: another car was valued")
    if found.valid_until < found.valued_on or path[0].months or path[0].price_fen != prices.b2b_fen:
        raise WrongAnswer(f"{provider}: the residual path does not start at today's price")
    if any(later.months <= earlier.months for earlier, later in zip(path, path[1:], strict=False)):
        raise WrongAnswer(f"{provider}: the months of the residual path do not rise")
