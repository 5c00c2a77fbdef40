"""What stands behind a loan besides the car, at its recognised share, against everything owed to maturity. Pure.

    coverage = (Σ lending values of the cars + Σ recognised security) ÷ (principal + interest to maturity)

Below `COVERAGE_MIN` the answer is extra security or refusal, with what is missing in fen (DOMAIN.md §12). Guarantee periods follow
民法典 §686, §692 and §693 and the interpretation of 2020 (担保制度解释 §32).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chezhe.finmath.days import month_step
from chezhe.finmath.money import ZERO, Money

GUARANTOR, PLEDGE, DEPOSIT, INSURANCE = "guarantor", "pledge", "deposit", "insurance"
# A further car, in the lines of a coverage: no security that anybody offers, and counted whole.
VEHICLE = "vehicle"
JOINT, GENERAL = "joint", "general"
WHOLE = Decimal(1)
CAPACITY_UNKNOWN, CAPACITY_USED_UP, INSURANCE_ENDS, NOTHING_COVERED, OWN_DEBT, VALUE_MISSING = (
    "capacity_unknown", "capacity_used_up", "insurance_ends", "nothing_covered", "own_debt", "value_missing",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """How much of each security is recognised: fractions, the parameters `SECURITY_SHARE_…` of a day."""

    joint: Decimal
    general: Decimal
    pledge: Decimal
    deposit: Decimal
    insurance: Decimal

    def making_up(self, missing: Money) -> dict[str, Money]:
        """Kind of security → the least of it that is recognised with `missing`; kinds of which nothing is recognised are left out."""
        rates = {name: getattr(self, name) for name in ("deposit", "pledge", "insurance", JOINT, GENERAL)}
        return {name: _over(missing, rate) for name, rate in rates.items() if rate > 0}


def _over(amount: Money, rate: Decimal) -> Money:
    """The least sum of which this share is the amount."""
    top, bottom = rate.as_integer_ratio()
    return Money(-(-amount.fen * bottom // top))


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """One security as it counts. `amount` is what is guaranteed, pledged, deposited, or the insurer's limit. A guarantor's `capacity`
    is what they can stand for (None: unknown), `exposure` what they already stand for elsewhere; whoever owes the debt anyway
    (`is_debtor`) adds nothing to it. An insurance covers `covered_share`
    of the debt until `valid_to`."""

    key: str
    kind: str
    amount: Money
    liability: str = ""
    capacity: Money | None = None
    exposure: Money = ZERO
    is_debtor: bool = False
    covered_share: Decimal = WHOLE
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Recognised:
    """What one security counts for, and why not for more."""

    key: str
    kind: str
    amount: Money
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """`rate` is None while nothing is owed. `missing` is nothing when the least is reached, exactly or by more."""

    vehicle: Money
    securities: tuple[Recognised, ...]
    owed: Money
    least_rate: Decimal

    @property
    def value(self) -> Money:
        return sum((one.amount for one in self.securities), self.vehicle)

    @property
    def rate(self) -> Decimal | None:
        return Decimal(self.value.fen) / self.owed.fen if self.owed.fen > 0 else None

    @property
    def needed(self) -> Money:
        """The least value, rounded up to the fen: nobody passes for a rounding."""
        top, bottom = self.least_rate.as_integer_ratio()
        return Money(-(-self.owed.fen * top // bottom))

    @property
    def missing(self) -> Money:
        return Money(max(0, self.needed.fen - self.value.fen))

    @property
    def is_enough(self) -> bool:
        return not self.missing


def cover(
    *, vehicle: Money, securities: Sequence[Security], principal: Money, interest: Money, matures_on: date, shares: Shares,
    least_rate: Decimal, further: Mapping[str, Money | None] | None = None,
) -> Coverage:
    """The coverage of a plan's totals. `further` are the lending values of other cars by their numbers: each counts whole, None (nobody
    stands by a value) for nothing. Raises ValueError for amounts below nothing."""
    others = tuple(
        Recognised(number, VEHICLE, amount or ZERO, "" if amount else VALUE_MISSING) for number, amount in (further or {}).items())
    if min(vehicle.fen, principal.fen, interest.fen, *(one.amount.fen for one in others)) < 0:
        raise ValueError("neither a value nor a debt is below nothing")
    owed = principal + interest
    recognised = tuple(recognise(one, owed=owed, matures_on=matures_on, shares=shares) for one in securities)
    return Coverage(vehicle, (*others, *recognised), owed, least_rate)


def recognise(one: Security, *, owed: Money, matures_on: date, shares: Shares) -> Recognised:
    """What a security counts for. Raises ValueError for an unknown kind or an amount that is not above nothing."""
    if one.amount.fen <= 0:
        raise ValueError("a security has an amount above nothing")
    if one.kind == GUARANTOR:
        return _guarantor(one, shares.joint if one.liability == JOINT else shares.general)
    if one.kind == INSURANCE:
        if one.valid_to is None or one.valid_to < matures_on:
            return Recognised(one.key, one.kind, ZERO, INSURANCE_ENDS)
        covered = min(one.amount, owed.times(one.covered_share)).times(shares.insurance)
        return Recognised(one.key, one.kind, covered, "" if covered else NOTHING_COVERED)
    share = {PLEDGE: shares.pledge, DEPOSIT: shares.deposit}.get(one.kind)
    if share is None:
        raise ValueError(f"unknown security: {one.kind}")
    return Recognised(one.key, one.kind, one.amount.times(share))


def _guarantor(one: Security, share: Decimal) -> Recognised:
    if one.is_debtor:
        return Recognised(one.key, one.kind, ZERO, OWN_DEBT)
    if one.capacity is None:
        return Recognised(one.key, one.kind, ZERO, CAPACITY_UNKNOWN)
    left = Money(max(0, one.capacity.fen - one.exposure.fen))
    counts = min(one.amount, left)
    return Recognised(one.key, one.kind, counts.times(share), CAPACITY_USED_UP if left < one.amount else "")


def capacity(
    *, income_monthly: Money | None, net_assets: Money | None, income_months: int, assets_share: Decimal
) -> Money | None:
    """What a guarantor can stand for: so many months of income and a share of net assets; None while neither is known."""
    known = []
    if income_monthly is not None:
        known.append(income_monthly.times(income_months))
    if net_assets is not None:
        known.append(Money(max(0, net_assets.times(assets_share).fen)))
    return sum(known, ZERO) if known else None


def exposure(amounts: Iterable[Money]) -> Money:
    """What a guarantor stands for elsewhere."""
    return sum(amounts, ZERO)


def claim_until(matures_on: date, *, agreed_until: date | None, default_months: int) -> date:
    """The last day on which the guarantor can be claimed (joint) or the debtor sued (general).

    A period that ends before or with the debt counts as none agreed: then six months from the day the debt is due (§692). Of a debt in
    instalments that is the last one's day.
    """
    if agreed_until is not None and agreed_until > matures_on:
        return agreed_until
    return month_step(matures_on, default_months, matures_on.day)
