"""Which other terms may be offered than those that were asked for. Pure values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from chezhe.finmath.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Amount, months and yearly rate of a loan."""

    amount: Money
    periods: int
    annual_rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What somebody wants to be another one; None leaves it as it is."""

    amount: Money | None = None
    periods: int | None = None
    annual_rate: Decimal | None = None

    @property
    def is_empty(self) -> bool:
        return self.amount is None and self.periods is None and self.annual_rate is None

    def of(self, terms: Terms) -> Terms:
        """The terms with the change made."""
        return Terms(
            amount=terms.amount if self.amount is None else self.amount, periods=terms.periods if self.periods is None else self.periods,
            annual_rate=terms.annual_rate if self.annual_rate is None else self.annual_rate,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What the machine named: the most it would lend and the price of the case. None where it named nothing."""

    amount_max: Money | None = None
    annual_rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Beyond:
    """A field that lies beyond what may be offered, and the limit."""

    field: str
    code: str
    limit: Money | Decimal


def beyond(wanted: Terms, *, asked: Terms, bounds: Bounds) -> Beyond | None:
    """The first thing that may not be offered: more than was asked for, more than policy lends, less than it costs.

    Product and caps are asked elsewhere. What was asked for may itself lie beyond policy: then people agree to it as an exception, or
    come back within the limit; nothing in between is made up.
    """
    if wanted.amount > asked.amount:
        return Beyond("amount", "offer_over_asked", asked.amount)
    if wanted.amount != asked.amount and bounds.amount_max is not None and wanted.amount > bounds.amount_max:
        return Beyond("amount", "offer_over_limit", bounds.amount_max)
    if bounds.annual_rate is not None and wanted.annual_rate < min(asked.annual_rate, bounds.annual_rate):
        return Beyond("annual_rate", "offer_under_price", min(asked.annual_rate, bounds.annual_rate))
    return None
