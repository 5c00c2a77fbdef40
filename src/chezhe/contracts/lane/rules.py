"""What the clock says. Pure: moments and seconds go in, nothing is asked of a database or a calendar.

The promise runs by the wall clock, day and night: whoever was promised money within twenty-four hours counts hours, not office hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

STAGES: Final = ("machine", "review", "offer", "contract", "signing", "securing", "payout")
# With this part of the promise gone, the manager hears of it.
WARNED_PERCENT: Final = 75
# The edges of the histogram, in hours.
HOURS: Final = (1, 2, 4, 8, 16, 24, 48)

BEGINS: Final = frozenset({"application.submitted", "application.appealed"})
STAGE_OF: Final = {
    "application.submitted": "machine", "application.appealed": "machine", "application.referred": "review",
    "application.review_asked": "review", "application.approved": "offer", "application.accepted": "contract",
    "contract.prepared": "signing", "contract.signed": "securing", "disbursement.prepared": "payout",
}
RETURNED: Final = "application.returned"
ENDS: Final = {
    "application.rejected": "left", "application.withdrawn": "left", "application.expired": "left", "contract.voided": "left",
    "payout.sent": "sent",
}
COMES_BACK: Final = frozenset({"disbursement.failed", "disbursement.returned"})
# What a customer does himself ends the waiting for him.
CUSTOMER_ACTS: Final = frozenset({"application.submitted", "application.accepted", "contract.cost_sheet_confirmed", "contract.signed"})
HEARD: Final = tuple(dict.fromkeys([*STAGE_OF, RETURNED, *ENDS, *COMES_BACK, *CUSTOMER_ACTS]))


@dataclass(frozen=True, slots=True)
class Clock:
    """`paused_seconds` are those of pauses that are over, `paused_at` is since when it stands now."""

    began_at: datetime
    paused_seconds: int = 0
    paused_at: datetime | None = None
    ended_at: datetime | None = None

    def elapsed(self, at: datetime) -> int:
        """Seconds that counted until `at`; never below nought."""
        until = min(moment for moment in (at, self.paused_at, self.ended_at) if moment is not None)
        return max(0, int((until - self.began_at).total_seconds()) - self.paused_seconds)


def is_warned(elapsed: int, promised: int) -> bool:
    """Whether so much of the promise is gone that somebody has to look."""
    return elapsed * 100 >= promised * WARNED_PERCENT


def histogram(seconds: Iterable[int]) -> list[int]:
    """How many took up to one hour, up to two, … and longer than the last edge: one more count than HOURS."""
    found = [0] * (len(HOURS) + 1)
    for one in seconds:
        found[next((place for place, edge in enumerate(HOURS) if one <= edge * 3600), len(HOURS))] += 1
    return found


def quantile(values: Sequence[int], percent: int) -> int | None:
    """The value up to which at least so many in a hundred lie (nearest rank); None of nothing."""
    ordered = sorted(values)
    return ordered[max(0, -(-percent * len(ordered) // 100) - 1)] if ordered else None


def adds_up(clock: Clock, spans: Sequence[Clock], at: datetime) -> bool:
    """Whether the stages follow one another without a gap and make up the whole."""
    follows = all(one.ended_at == other.began_at for one, other in pairwise(spans))
    return follows and sum(span.elapsed(at) for span in spans) == clock.elapsed(at)
