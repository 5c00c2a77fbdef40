"""The sums and judgements of a vehicle: pure, on values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from chezhe.finmath.money import Money
from chezhe.identifiers import plate as plates
from chezhe.identifiers import vin as vins
from chezhe.identifiers.findings import Finding, error, warning
from chezhe.identifiers.text import clean_code
from chezhe.vehicles.values import VehicleFacts

MILEAGE_MAX_KM = 3_000_000
NEW_ENERGY = ("pure_electric", "plug_in_hybrid", "range_extended", "fuel_cell")


@dataclass(frozen=True, slots=True)
class Fault:
    """A finding and the field it belongs to."""

    field: str
    finding: Finding


def findings(facts: VehicleFacts, on: date) -> list[Fault]:
    """Everything to say about a car on a business date: errors block, warnings ask for a second look."""
    return [
        *_each("vin", vins.findings_for_form(vins.judge(facts.vin))),
        *(_each("plate", plates.judge(facts.plate).findings) if facts.plate else ()),
        *_registration_findings(facts, on),
        *_mileage_findings(facts),
        *_energy_findings(facts),
        *_year_findings(facts),
    ]


def faults(facts: VehicleFacts, on: date) -> list[Fault]:
    """Only what blocks."""
    return [fault for fault in findings(facts, on) if fault.finding.is_error]


def price_base(*, condition: str, price: Money | None, guide_price: Money | None, valuation: Money | None) -> Money | None:
    """The denominator of the loan-to-value ratio (汽车贷款管理办法 §22), None while nothing is known.

    New: the lower of the actual price (without tax, add-ons and insurance) and the maker's published price.
    Used: the lower of the actual price and the lender's valuation; a used car without a valuation has no base.
    A car that is not being bought (no price) counts with its valuation.
    """
    if condition == "used":
        return min(price, valuation) if price is not None and valuation is not None else valuation
    known = [amount for amount in (price, guide_price, valuation) if amount is not None]
    return min(known) if known else None


def is_new_energy(energy_type: str) -> bool:
    """Whether the ratio's cap is the one for new-energy cars."""
    return energy_type in NEW_ENERGY


def is_commercial(usage_nature: str) -> bool:
    """Whether the ratio's cap is the one for commercial use; 营转非 is private again."""
    return usage_nature not in ("non_commercial", "commercial_to_private")


def age_months(first_registered_on: date, on: date) -> int:
    """Whole months since the first registration."""
    months = (on.year - first_registered_on.year) * 12 + on.month - first_registered_on.month
    return months - (on.day < first_registered_on.day)


def paper_findings(facts: VehicleFacts, paper: Mapping[str, object]) -> list[Fault]:
    """Where a paper says something else than the file: a reason to look at the car, not to stop typing."""
    compared = {
        "vin": (facts.vin, OTHER_VIN), "plate": (facts.plate, OTHER_PLATE), "engine_no": (facts.engine_no, OTHER_ENGINE),
        "registered_on": (facts.first_registered_on, OTHER_DATE), "usage_nature": (facts.usage_nature, OTHER_USAGE),
    }
    return [
        Fault(field, finding)
        for field, (known, finding) in compared.items()
        if known and paper.get(field) and _plain(known) != _plain(paper[field])
    ]


def _plain(value: object) -> object:
    return clean_code(value) if isinstance(value, str) else value


def _each(field: str, found: tuple[Finding, ...]) -> Iterator[Fault]:
    for finding in found:
        yield Fault(field, finding)


def _registration_findings(facts: VehicleFacts, on: date) -> Iterator[Fault]:
    if facts.first_registered_on is not None and facts.first_registered_on > on:
        yield Fault("first_registered_on", REGISTERED_LATER)
    if facts.condition == "used" and facts.first_registered_on is None:
        yield Fault("first_registered_on", USED_WITHOUT_DATE)
    if facts.condition == "used" and not facts.plate:
        yield Fault("plate", USED_WITHOUT_PLATE)


def _mileage_findings(facts: VehicleFacts) -> Iterator[Fault]:
    if facts.mileage_km is None:
        if facts.condition == "used":
            yield Fault("mileage_km", USED_WITHOUT_MILEAGE)
    elif not 0 <= facts.mileage_km <= MILEAGE_MAX_KM:
        yield Fault("mileage_km", ODD_MILEAGE)


def _energy_findings(facts: VehicleFacts) -> Iterator[Fault]:
    plate = plates.judge(facts.plate) if facts.plate else None
    if plate is not None and plate.valid and plate.is_new_energy != is_new_energy(facts.energy_type):
        yield Fault("energy_type", OTHER_ENERGY)


def _year_findings(facts: VehicleFacts) -> Iterator[Fault]:
    """The model year may run a year ahead of the first registration, hardly more than three behind it."""
    registered, years = facts.first_registered_on, vins.judge(facts.vin).model_years
    if registered is not None and years and not any(year - 1 <= registered.year <= year + 3 for year in years):
        yield Fault("first_registered_on", OTHER_YEAR)


REGISTERED_LATER = error(
    "vehicle.registered_later", "初次登记日期晚于今天。", "The date of first registration lies in the future."
)
USED_WITHOUT_DATE = error(
    "vehicle.used_without_date", "二手车须填写初次登记日期。", "A used car needs its date of first registration."
)
USED_WITHOUT_PLATE = error("vehicle.used_without_plate", "二手车须填写车牌号。", "A used car needs its plate.")
USED_WITHOUT_MILEAGE = error("vehicle.used_without_mileage", "二手车须填写里程。", "A used car needs its mileage.")
ODD_MILEAGE = error(
    "vehicle.mileage", "里程应在 0 与 3,000,000 公里之间。", "The mileage lies between 0 and 3,000,000 km."
)
OTHER_ENERGY = warning(
    "vehicle.other_energy", "车牌种类与能源类型不符，请与行驶证核对。",
    "The plate is of another kind than the energy type; compare with the licence.",
)
OTHER_YEAR = warning(
    "vehicle.other_year", "车架号年款与初次登记日期相差较大，请核对。",
    "The model year in the VIN is far from the first registration; please compare.",
)
OTHER_VIN = warning("paper.other_vin", "证件上的车架号与档案不符。", "The VIN on the paper differs from the file.")
OTHER_PLATE = warning("paper.other_plate", "证件上的车牌号与档案不符。", "The plate on the paper differs from the file.")
OTHER_ENGINE = warning("paper.other_engine", "证件上的发动机号与档案不符。", "The engine number on the paper differs from the file.")
OTHER_DATE = warning("paper.other_date", "证件上的登记日期与档案不符。", "The registration date on the paper differs from the file.")
OTHER_USAGE = warning("paper.other_usage", "证件上的使用性质与档案不符。", "The usage on the paper differs from the file.")
