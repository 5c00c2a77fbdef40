"""When a loan is debited and what a failure means, by a calendar that is data. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Meaning = Literal["retry", "split", "next_day", "stop"]
# The worst first: it decides for all parts of one try.
MEANINGS: tuple[Meaning, ...] = ("stop", "next_day", "split", "retry")
PARTS_MAX = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """`hours` are those of a due day, `hours_after` those of the days in `days_after` it; `tries_max` holds for one due date.

    `meanings` says what each reason of the channel means: try again as planned, in smaller parts, not before tomorrow, or not
    before somebody has spoken with the customer. A reason that nobody has thought of stops.
    """

    hours: tuple[int, ...]
    days_after: tuple[int, ...]
    hours_after: tuple[int, ...]
    tries_max: int
    meanings: dict[str, Meaning]

    def meaning_of(self, code: str) -> Meaning:
        return self.meanings.get(code, "stop")


def hours_on(calendar: Calendar, *, days_late: int, falls_due: bool, tried: int) -> tuple[int, ...]:
    """The hours at which a loan is debited on a day: an instalment falls due on it, or the oldest one is `days_late`."""
    if falls_due or days_late == 0:
        hours = calendar.hours
    else:
        hours = calendar.hours_after if days_late in calendar.days_after else ()
    return hours[: max(0, calendar.tries_max - tried)]


def slots(hours: Iterable[int], now_hour: int | None) -> tuple[tuple[int, int], ...]:
    """(turn, hour) of a day that is planned when `now_hour` has struck (None: before the day): of the hours that have passed only
    the last one is made up for."""
    numbered = tuple(enumerate(sorted(hours), start=1))
    if now_hour is None:
        return numbered
    past = [slot for slot in numbered if slot[1] <= now_hour]
    return (*past[-1:], *(slot for slot in numbered if slot[1] > now_hour))


def parts_at_least(refused_as_too_large: int) -> int:
    """Into how many orders a sum is cut after the channel has found it too large so often today."""
    return int(min(2 ** min(refused_as_too_large, 10), PARTS_MAX))


def worst(calendar: Calendar, codes: Iterable[str]) -> str:
    """The reason that decides among those of several parts; empty without any."""
    given = [code for code in codes if code]
    return min(given, key=lambda code: MEANINGS.index(calendar.meaning_of(code)), default="")


def verb_of(status: str, amount_fen: int, collected_fen: int, *, known_fen: int, has_failed: bool) -> str:
    """The move of a try whose orders have all ended; empty when it stands where it should. `known_fen` is what it said before."""
    if status == "ordered":
        if collected_fen == 0:
            return "fail" if has_failed else "skip"
        return "collect" if collected_fen >= amount_fen else "collect_part"
    return "correct" if status in ("failed", "partly") and collected_fen > known_fen else ""
