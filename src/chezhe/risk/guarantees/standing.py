"""Whether a contract stands on the securities of a subject, and what is still owed of its loan.

Risk knows neither contracts nor loans: the rooms that make them for a kind of subject say here whether one stands, and what it owes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from chezhe.finmath.money import Money


@dataclass(frozen=True, slots=True)
class Owed:
    """What is still owed of a loan that runs: the principal, and everything else that is due or falls due to maturity. `cars_gone` are
    the numbers of cars that stood for it and are released."""

    principal: Money
    interest: Money
    matures_on: date
    cars_gone: frozenset[str] = frozenset()


Teller = Callable[[str], bool]
OwedTeller = Callable[[str, date], Owed | None]
_tellers: dict[str, Teller] = {}
_owed_tellers: dict[str, OwedTeller] = {}


def register(kind: str, teller: Teller) -> None:
    """`teller(number)` says whether a contract of this subject is neither void nor settled. Call it in `AppConfig.ready`."""
    _tellers[kind] = teller


def stands(subject: str) -> bool:
    """Whether one does for `application:A26-…`; none does where nobody makes contracts for the kind."""
    kind, _colon, number = subject.partition(":")
    return kind in _tellers and _tellers[kind](number)


def register_owed(kind: str, teller: OwedTeller) -> None:
    """`teller(number, on)` gives what the loan of this subject still owes on a day, None where none runs. Call it in `AppConfig.ready`."""
    _owed_tellers[kind] = teller


def owed(subject: str, on: date) -> Owed | None:
    """What is still owed; None before the money is out, and where nobody lends for the kind."""
    kind, _colon, number = subject.partition(":")
    return _owed_tellers[kind](number, on) if kind in _owed_tellers else None
