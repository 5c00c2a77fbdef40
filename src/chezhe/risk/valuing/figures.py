"""The lender's own figures of valuing, from the dated parameters of a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chezhe.kernel import parameters
from chezhe.risk.valuing import haircuts
from chezhe.risk.valuing.choices import WEIGHTS
from chezhe.risk.valuing.formulas import Steps

_CODES = (
    "VALUATION_DEVIATION_MAX", "VALUATION_OUTLIER_MAX", "VALUATION_LIFE_MONTHS", "VALUATION_LIFE_MONTHS_TAXI", "VALUATION_MILEAGE_NORM",
    "VALUATION_MILEAGE_STEP", "VALUATION_TRANSFER_STEP", "VALUATION_VALID_DAYS", *haircuts.CODES, *sorted(set(WEIGHTS.values())),
)
TAXIS = ("taxi", "ride_hail")


@dataclass(frozen=True, slots=True)
class Figures:
    """Rates are fractions, lives months; `weights` by source; `haircuts` by parameter code."""

    recheck_rate: Decimal
    outlier_rate: Decimal
    life_months: int
    life_months_taxi: int
    norm_km_year: int
    mileage_rate: Decimal
    transfer_rate: Decimal
    valid_days: int
    weights: Mapping[str, int]
    haircuts: Mapping[str, Decimal]

    def life_of(self, usage: str) -> int:
        """Months that a car of this use is expected to last."""
        return self.life_months_taxi if usage in TAXIS else self.life_months

    def steps_of(self, usage: str) -> Steps:
        """How comparable deals are brought to one level."""
        return Steps(
            life_months=self.life_of(usage), norm_km_year=self.norm_km_year, mileage_rate=self.mileage_rate,
            transfer_rate=self.transfer_rate,
        )


def on(day: date) -> Figures:
    """What is in force; raises ParameterMissing (409)."""
    rows = parameters.require_all(_CODES, day)
    rate = {code: Decimal(row.value) for code, row in rows.items()}
    return Figures(
        recheck_rate=rate["VALUATION_DEVIATION_MAX"], outlier_rate=rate["VALUATION_OUTLIER_MAX"],
        life_months=int(rate["VALUATION_LIFE_MONTHS"]), life_months_taxi=int(rate["VALUATION_LIFE_MONTHS_TAXI"]),
        norm_km_year=int(rate["VALUATION_MILEAGE_NORM"]), mileage_rate=rate["VALUATION_MILEAGE_STEP"],
        transfer_rate=rate["VALUATION_TRANSFER_STEP"], valid_days=int(rate["VALUATION_VALID_DAYS"]),
        weights={source: int(rate[code]) for source, code in WEIGHTS.items()}, haircuts={code: rate[code] for code in haircuts.CODES},
    )
