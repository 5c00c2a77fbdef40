"""From what a car is worth to what is lent on it: the haircut and the lending value. Pure.

The haircut is a sum of parts, each a dated parameter (`HAIRCUT_…`), so that a page can show what each of them takes away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from chezhe.finmath.money import Money
from chezhe.risk.valuing.formulas import median

BASE, AGE_60, AGE_96, NEW_ENERGY, COMMERCIAL, TIER_C, TIER_D = (
    "HAIRCUT_BASE", "HAIRCUT_AGE_60", "HAIRCUT_AGE_96", "HAIRCUT_NEV", "HAIRCUT_COMMERCIAL", "HAIRCUT_TIER_C", "HAIRCUT_TIER_D",
)
CODES = (BASE, AGE_60, AGE_96, NEW_ENERGY, COMMERCIAL, TIER_C, TIER_D)
MOST = Decimal("0.90")


@dataclass(frozen=True, slots=True)
class Haircut:
    """Parameter code → the share it takes, in the order in which they are shown; `rate` is their sum, at most 0.90."""

    parts: Mapping[str, Decimal]

    @property
    def rate(self) -> Decimal:
        return min(sum(self.parts.values(), Decimal(0)), MOST)


@dataclass(frozen=True, slots=True)
class LendingValue:
    """`basis` is the lowest of the known values (`bound_by` says whose), `amount` what is lent on it at most."""

    amount: Money
    basis: Money
    bound_by: str
    haircut: Haircut


def haircut(
    figures: Mapping[str, Decimal], *, age_months: int, is_new_energy: bool, is_commercial: bool, tier: str = ""
) -> Haircut:
    """Which parts apply to a car, and to the borrower's tier once it is known. `figures` are the parameters in force."""
    applies = {
        BASE: True, AGE_60: 60 <= age_months < 96, AGE_96: age_months >= 96, NEW_ENERGY: is_new_energy, COMMERCIAL: is_commercial,
        TIER_C: tier == "C", TIER_D: tier == "D",
    }
    return Haircut({code: figures[code] for code, does in applies.items() if does and figures[code]})


def of_tier(figures: Mapping[str, Decimal], tier: str) -> Decimal:
    """What the borrower's tier takes; nothing for the better ones, and while it is not known."""
    return {"C": figures[TIER_C], "D": figures[TIER_D]}.get(tier, Decimal(0))


def lending_value(*, blend: Money, outside: Sequence[Money], invoice: Money | None, cut: Haircut) -> LendingValue:
    """min(blend, median of the outside quotes, invoice) × (1 − haircut) (DOMAIN.md §5); what is not known does not count."""
    known = {"blend": blend}
    if outside:
        known["outside"] = median(outside)
    if invoice is not None:
        known["invoice"] = invoice
    bound_by = min(known, key=lambda name: (known[name], name))
    return LendingValue(known[bound_by].times(1 - cut.rate), known[bound_by], bound_by, cut)
