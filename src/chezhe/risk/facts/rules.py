"""Which of the things told of one code is its value now: newest, not stale, not contradicted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

CONFIRMED = "confirmed"
MISSING, STALE, CONTRADICTED, WRONG = "missing", "stale", "contradicted", "wrong"


@dataclass(frozen=True, slots=True)
class Told:
    """The newest that one source told of one code: a value, or the reason why it is none. `consent` names the line of the consent ledger
    on which it was asked for; empty for what nobody outside was asked."""

    value: Any
    source: str
    known_at: datetime
    reason: str = ""
    enquiry_id: int | None = None
    id: int = 0
    consent: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A value, where it is from, when it was known, and how old that was at the moment asked about."""

    value: Any
    source: str
    known_at: datetime
    age_days: int
    enquiry_id: int | None = None
    consent: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Why a code has no value: missing, stale (older than it holds), contradicted (two sources), wrong (told, but no value).

    `reasons` name it more closely for what was told wrong; `told` is what there is.
    """

    code: str
    why: str
    reasons: tuple[str, ...] = ()
    told: tuple[Told, ...] = ()


def judged(
    code: str, told: Sequence[Told], at: datetime, valid_days: int | None, agree: Callable[[Any, Any], bool],
    day_of: Callable[[datetime], date],
) -> Known | Unknown:
    """The value of a code at a moment, from the newest that each source told up to then.

    Two sources that differ on the day of the newest value contradict each other, until a person confirms one of the values afterwards.
    """
    values = [one for one in told if not one.reason]
    if not values:
        return Unknown(code, WRONG, tuple(sorted({one.reason for one in told})), tuple(told)) if told else Unknown(code, MISSING)
    newest = max(values, key=lambda one: (one.known_at, one.id))
    if valid_days is not None and at - newest.known_at >= timedelta(days=valid_days + 1):
        return Unknown(code, STALE, told=tuple(told))
    if len(values) > 1 and newest.source != CONFIRMED:
        same_day = [one for one in values if day_of(one.known_at) == day_of(newest.known_at)]
        if any(not agree(one.value, newest.value) for one in same_day):
            return Unknown(code, CONTRADICTED, told=tuple(same_day))
    return Known(newest.value, newest.source, newest.known_at, (at - newest.known_at).days, newest.enquiry_id, newest.consent)
