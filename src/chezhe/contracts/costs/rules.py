"""Items of a cost sheet, and how long it was read. Pure values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chezhe.finmath.money import Money

INTEREST = "interest"
READING_LASTS = timedelta(minutes=30)
"""A sheet that was opened longer ago is opened again before it is confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One cost as the sheet names it: who takes it, when, on what basis, how much. `added` is what it adds to the annual rate.

    One that is contingent is only charged when something happens; `amount_max` bounds each charge of it where its standard is a sum.
    """

    code: str
    label: str
    payee: str
    payee_kind: str
    when: str
    standard: str
    amount: Money | None = None
    added: str = ""
    is_counted: bool = True
    is_refundable: bool = False
    is_contingent: bool = False
    amount_max: Money | None = None


def contingent(items: Iterable[Item], code: str) -> Item | None:
    """The item under which a fee beside the plan may be charged; None when the sheet does not name it."""
    return next((item for item in items if item.is_contingent and item.code == code), None)


def upfront(items: Iterable[Item]) -> tuple[Item, ...]:
    """What is paid once before the money leaves."""
    return tuple(item for item in items if not item.is_contingent and item.when == "upfront")


def uncounted(items: Iterable[Item]) -> Money:
    """What the borrower pays beside the all-in cost: fees that come back, or that the product does not count."""
    return Money(sum(item.amount.fen for item in items if item.amount is not None and not item.is_counted and not item.is_contingent))


def seconds_read(opened_at: datetime, at: datetime) -> int:
    """How long a sheet has been open, in whole seconds."""
    return max(0, int((at - opened_at).total_seconds()))


def seconds_left(opened_at: datetime, at: datetime, needed: int) -> int:
    """How long it must still be read before it can be confirmed."""
    return max(0, needed - seconds_read(opened_at, at))


def is_stale(opened_at: datetime, at: datetime) -> bool:
    """Whether a reading was begun too long ago to count."""
    return at - opened_at > READING_LASTS
