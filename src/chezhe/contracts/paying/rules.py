"""Which part of a payout goes where, and how much may leave in a day. Pure values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chezhe.finmath.money import ZERO, Money

CONSUMER, BUSINESS, WORKING_CAPITAL = "ENTRUST_CONSUMER", "ENTRUST_BUSINESS", "ENTRUST_WC"
# In trouble first: a payout of which one part failed is one that somebody must look after.
_TROUBLES, _UNDER_WAY = ("failed", "returned"), ("sent", "paid")


def threshold_of(*, is_person: bool, purpose: str) -> str:
    """The parameter above which the money must go to whoever is paid by it, not through the borrower's hands."""
    if not is_person:
        return WORKING_CAPITAL
    return BUSINESS if purpose in ("business", "working_capital") else CONSUMER


def must_entrust(amount: Money, threshold: Money) -> bool:
    """Whether the borrower may not be handed any of it: a single payment above the threshold."""
    return amount.fen > threshold.fen


def own_part(total: Money, others: Sequence[Money]) -> Money:
    """What is left for the borrower; negative where the others get more than there is."""
    return total - Money(sum(other.fen for other in others))


def standing_of(legs: Sequence[str]) -> str:
    """Where a payout stands by where its parts stand: paid when the last is, in trouble as soon as one is."""
    if all(leg == "paid" for leg in legs):
        return "paid"
    for trouble in _TROUBLES:
        if trouble in legs:
            return trouble
    if any(leg in _UNDER_WAY for leg in legs):
        return "sent"
    return "checked" if "checked" in legs else "prepared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """How much may leave by one payout, and in one day; None for no limit. `label` names whose it is."""

    label: str
    per_payout: Money | None
    per_day: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """What would be too much: the limit, and what of it is used already."""

    label: str
    is_of_day: bool
    limit: Money
    used: Money


def excess(ceiling: Ceiling, *, payout: Money, leaving: Money, used: Money) -> Excess | None:
    """Why `leaving`, of a whole `payout`, may not leave today when `used` has left already; None when it may."""
    if ceiling.per_payout is not None and payout.fen > ceiling.per_payout.fen:
        return Excess(label=ceiling.label, is_of_day=False, limit=ceiling.per_payout, used=ZERO)
    if ceiling.per_day is not None and (used + leaving).fen > ceiling.per_day.fen:
        return Excess(label=ceiling.label, is_of_day=True, limit=ceiling.per_day, used=used)
    return None
