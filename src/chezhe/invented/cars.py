"""One car's hidden life: how far it has really run, what happened to it, whose it is, and what it is worth."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from random import Random

from chezhe.identifiers import synthetic
from chezhe.identifiers import vin as vins
from chezhe.invented import fates
from chezhe.invented.car_models import CarModel, of_maker
from chezhe.invented.chance import Chance
from chezhe.invented.fates import Fate
from chezhe.invented.months import between, later

USAGES = {"non_commercial": 82, "ride_hail": 7, "commercial_to_private": 4, "rental": 4, "freight": 3}
_KM_A_YEAR = {"non_commercial": 13_500, "ride_hail": 48_000, "commercial_to_private": 26_000, "rental": 30_000, "freight": 62_000}
_PLATES = {"pure_electric": "pure_electric", "plug_in_hybrid": "not_pure_electric", "range_extended": "not_pure_electric"}
FIRST_YEAR = 2010  # of the thirty years in which a letter of the VIN is read
HORIZON = date(2033, 12, 31)


@dataclass(frozen=True, slots=True)
class Mishap:
    """Damage on a day: `minor`, `major` (structure), `flood` or `fire`; `claim_fen` is what the insurer paid."""

    on: date
    kind: str
    claim_fen: int


@dataclass(frozen=True, slots=True)
class CarLife:
    """Everything true about one VIN. `made_on` is its first registration; `rolled_back_on` the day on which its odometer was turned back
    to `rolled_back_rate` of what it showed; `mortgaged` a time in which another lender holds it."""

    vin: str
    fate: Fate
    model: CarModel
    model_year: int
    registered_on: date
    usage: str
    km_a_year: int
    rolled_back_on: date | None
    rolled_back_rate: float
    mishaps: tuple[Mishap, ...]
    transfers: tuple[date, ...]
    mortgaged: tuple[date, date | None] | None
    mortgagee: str
    is_title_clear: bool
    insured_until: date
    colour: str
    plate: str
    engine_no: str
    care: float
    """0..1, how well it was looked after."""
    chance: Chance = field(compare=False, repr=False)

    def age_months(self, on: date) -> int:
        """Completed months since the first registration."""
        return between(self.registered_on, on)

    def mileage_on(self, on: date) -> int:
        """True kilometres."""
        return max(20, int(self.km_a_year * max(0, (on - self.registered_on).days) / 365.25))

    def odometer_on(self, on: date) -> int:
        """What the instrument shows."""
        if self.rolled_back_on is None or on < self.rolled_back_on:
            return self.mileage_on(on)
        at_turning = self.mileage_on(self.rolled_back_on)
        return int(at_turning * self.rolled_back_rate) + self.mileage_on(on) - at_turning

    def mishaps_on(self, on: date) -> tuple[Mishap, ...]:
        """What has happened up to a day."""
        return tuple(mishap for mishap in self.mishaps if mishap.on <= on)

    def has_had(self, kind: str, on: date) -> bool:
        """Whether such damage has happened up to a day."""
        return any(mishap.kind == kind for mishap in self.mishaps_on(on))

    def transfers_on(self, on: date) -> int:
        """How often it has been sold on."""
        return sum(1 for day in self.transfers if day <= on)

    def is_mortgaged_on(self, on: date) -> bool:
        """Whether another lender's mortgage stands in the register."""
        if self.mortgaged is None or on < self.mortgaged[0]:
            return False
        return self.mortgaged[1] is None or on < self.mortgaged[1]


@lru_cache(maxsize=4096)
def car(vin: str) -> CarLife:
    """The life that belongs to a VIN; a maker's code and a model year that it spells are respected."""
    fate, chance = fates.of_car(vin), Chance(vin)
    model = chance.one_of("model", of_maker(vin[:3]))
    year = _model_year(vin)
    registered_on = date(year, 1, 1) + timedelta(days=chance.whole("registered", -120, 420))
    usage = "freight" if model.body in ("truck", "van") else chance.pick("usage", USAGES)
    km = int(_KM_A_YEAR[usage] * (0.45 + 1.1 * chance.share("km")) / 100) * 100
    mortgaged, is_clear = _claims(chance, fate, registered_on)
    return CarLife(
        vin=vin, fate=fate, model=model, model_year=year, registered_on=registered_on, usage=usage, km_a_year=km,
        rolled_back_on=_turned_back(chance, fate, registered_on, usage),
        rolled_back_rate=0.3 if fate.code == fates.ROLLED_BACK else 0.35 + 0.4 * chance.share("rolled to"),
        mishaps=_mishaps(chance, fate, registered_on, usage, model),
        transfers=_transfers(chance, registered_on), mortgaged=mortgaged, mortgagee="望舒汽车金融", is_title_clear=is_clear,
        insured_until=later(registered_on, 12 * 25 if not chance.happens("lets insurance lapse", 0.06) else chance.whole("lapse", 13, 80)),
        colour=chance.pick("colour", {"白": 42, "黑": 24, "灰": 12, "银": 8, "蓝": 8, "红": 6}),
        plate=synthetic.invent_plate(chance.stream("plate"), energy=_PLATES.get(model.energy, "")),
        engine_no=f"{'ABCDEFGH'[chance.whole('engine letter', 0, 7)]}{chance.whole('engine', 0, 999_999):06d}",
        care=chance.share("care"), chance=chance,
    )


def _model_year(vin: str) -> int:
    years = vins.model_years(vin[vins.YEAR_POSITION])
    return next((year for year in years if year >= FIRST_YEAR), 2021)


def _turned_back(chance: Chance, fate: Fate, first: date, usage: str) -> date | None:
    if fate.code == fates.ROLLED_BACK:
        return later(first, 30)
    if fate.code == fates.GOOD or not chance.happens("rolled back", 0.05 if usage == "non_commercial" else 0.12):
        return None
    return later(first, chance.whole("rolled back on", 18, 60))


def _mishaps(chance: Chance, fate: Fate, first: date, usage: str, model: CarModel) -> tuple[Mishap, ...]:
    """A scratch every three years, a broken frame in a hundred; floods and fires are rare."""
    draws, found, day = chance.stream("mishaps"), [], first
    rate = 0.33 * (2.2 if usage in ("ride_hail", "freight", "rental") else 1.0) / 365.25
    while (day := day + timedelta(days=1 + int(draws.expovariate(rate)))) < HORIZON:
        found.append(_mishap(draws, day, model))
    if fate.code == fates.GOOD:
        found = [mishap for mishap in found if mishap.kind == "minor"]
    if fate.code == fates.WRECK:
        worst = first + timedelta(days=200)
        found += [Mishap(worst, "flood", model.price_fen // 3), Mishap(worst + timedelta(days=90), "major", model.price_fen // 4)]
    return tuple(sorted(found, key=lambda mishap: mishap.on))


def _mishap(draws: Random, day: date, model: CarModel) -> Mishap:
    kind = draws.choices(("minor", "major", "flood", "fire"), weights=(955, 33, 9, 3))[0]
    low, high = {"minor": (0.003, 0.04), "major": (0.12, 0.4), "flood": (0.15, 0.5), "fire": (0.2, 0.6)}[kind]
    return Mishap(day, kind, int(model.price_fen * draws.uniform(low, high)) // 10_000 * 10_000)


def _transfers(chance: Chance, first: date) -> tuple[date, ...]:
    draws, found, day = chance.stream("transfers"), [], first
    for _number in range(6):
        day = later(day, 14 + int(draws.expovariate(1 / 40)))
        found.append(day)
    return tuple(day for day in found if day < HORIZON)


def _claims(chance: Chance, fate: Fate, first: date) -> tuple[tuple[date, date | None] | None, bool]:
    if fate.code == fates.MORTGAGED:
        return (later(first, 6), None), False
    if fate.code == fates.GOOD:
        return None, True
    mortgaged = None
    if chance.happens("financed", 0.35):
        mortgaged = (first, later(first, chance.pick("financed for", {12: 2, 24: 4, 36: 5})))
    if chance.happens("pawned", 0.02):
        start = later(first, chance.whole("pawned on", 20, 70))
        mortgaged = (start, later(start, chance.whole("pawned for", 6, 30)))
    return mortgaged, not chance.happens("title unclear", 0.012)
