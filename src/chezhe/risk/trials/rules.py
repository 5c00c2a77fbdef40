"""Which arm of a live trial an application falls into, and when a trial has to stop. Pure: no clock, no chance, no database."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

CHAMPION, CHALLENGER = "champion", "challenger"
ARMS: Final = (CHAMPION, CHALLENGER)
PARTS: Final = 10_000
SHARE_MAX: Final = Decimal("0.5")
APPROVAL_GAP, BAD_RATE = "approval_gap", "bad_rate"
_BITS: Final = 256


def place(trial: str, subject: str) -> int:
    """Where an application stands in a trial: a whole number in [0, 10,000), the same in every process and on every day."""
    told = hashlib.sha256(f"{trial}|{subject}".encode()).digest()
    return int.from_bytes(told) * PARTS >> _BITS


def arm(trial: str, subject: str, share: Decimal) -> str:
    """The arm of an application. `share` is the challenger's part as a fraction, 0.1 for ten of a hundred."""
    return CHALLENGER if place(trial, subject) < share * PARTS else CHAMPION


def is_share(share: Decimal) -> bool:
    """Whether a share can be kept to: above 0, at most a half, in whole ten-thousandths."""
    return 0 < share <= SHARE_MAX and (share * PARTS) % 1 == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Guards:
    """What stops a trial by itself. `approval_gap`: by how much the challenger may approve more by machine than the champion, as a
    fraction; it counts from `applications` decided in each arm. `bad_rate`: how many of the challenger's loans may have turned bad; it
    counts from `loans` paid out. None: not watched."""

    approval_gap: Decimal | None = None
    applications: int = 1
    bad_rate: Decimal | None = None
    loans: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of one arm: applications decided, of them approved by machine; loans paid out, of them turned bad."""

    applications: int = 0
    approved: int = 0
    loans: int = 0
    bad: int = 0


def broken(guards: Guards, champion: Standing, challenger: Standing) -> str:
    """Which guard is broken: APPROVAL_GAP, BAD_RATE, or empty for none.

    The bad are counted against all loans paid out, not against those whose end is known: bad news comes early and good news late, so that
    the latter would stop every trial. What turned bad stays bad, so that a limit once passed is passed for good.
    """
    enough = min(champion.applications, challenger.applications) >= max(1, guards.applications)
    if guards.approval_gap is not None and enough:
        gap = Decimal(challenger.approved) / challenger.applications - Decimal(champion.approved) / champion.applications
        if gap > guards.approval_gap:
            return APPROVAL_GAP
    if guards.bad_rate is not None and challenger.loans >= max(1, guards.loans):
        if Decimal(challenger.bad) / challenger.loans > guards.bad_rate:
            return BAD_RATE
    return ""
