"""What a room above asks risk to judge: the loan as it is wanted now, as values.

Risk knows applications only as text. The room that owns a kind of subject says here how to read it, as it does with `subjects`; what
it hands over carries everything that coverage and the path of the loan-to-value need.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from chezhe.finmath.money import Money


@dataclass(frozen=True, slots=True)
class FurtherCar:
    """One more car that stands for the loan; `price_base` is its valuation on file, None where nobody has valued it."""

    vehicle_number: str
    price_base: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The loan on a business date, if it were paid out then. `principal` and `interest` are the plan's totals to maturity (fees that
    belong to the plan are in `interest`); `balances[m]` is the principal owed after m months, from 0 to the last. `price` is what the car
    is bought for, None when it is not bought; `price_base` what the car counts for in the loan-to-value; `further` the other cars."""

    subject: str
    customer_number: str
    vehicle_number: str
    amount: Money
    principal: Money
    interest: Money
    balances: tuple[Money, ...]
    matures_on: date
    price: Money | None = None
    price_base: Money | None = None
    tier: str = ""
    branch_id: int | None = None
    owner_id: int | None = None
    further: tuple[FurtherCar, ...] = ()


Reader = Callable[[str, date], Proposal | None]
Debtors = Callable[[str], frozenset[str]]
_readers: dict[str, Reader] = {}
_debtors: dict[str, Debtors] = {}


def register(kind: str, reader: Reader) -> None:
    """`reader(number, on)` gives the proposal, or None while its figures are not complete. Call it in `AppConfig.ready`."""
    _readers[kind] = reader


def register_debtors(kind: str, debtors: Debtors) -> None:
    """`debtors(number)` gives the customer numbers of whoever owes the loan, as it is filled in so far. Call it in `AppConfig.ready`."""
    _debtors[kind] = debtors


def read(subject: str, on: date) -> Proposal | None:
    """The proposal behind `application:A26-…`; None when nobody reads this kind or figures are missing. Whether the actor may see it
    is asked of `subjects` before."""
    kind, _colon, number = subject.partition(":")
    reader = _readers.get(kind)
    return reader(number, on) if reader and number else None


def debtors(subject: str) -> frozenset[str]:
    """The customer numbers of borrower and co-borrowers, whether or not the loan's figures are complete; nobody where nobody tells."""
    kind, _colon, number = subject.partition(":")
    told = _debtors.get(kind)
    return told(number) if told and number else frozenset()
