"""What may be collected under a mandate, and how a sum is cut into orders. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chezhe.finmath.money import ZERO, Money

PARTS_MAX = 8
QUERY_AFTER_SECONDS = (120, 180, 300, 600, 1800, 3600, 10800)


def query_pause(times: int) -> int:
    """Seconds to the question after `times` unanswered ones; the last pause repeats."""
    return QUERY_AFTER_SECONDS[min(times, len(QUERY_AFTER_SECONDS) - 1)]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a mandate allows at once and in a day; `used` has been asked for today and has not failed."""

    per_debit: Money
    per_day: Money
    used: Money = ZERO

    @property
    def left(self) -> Money:
        return Money(max(0, self.per_day.fen - self.used.fen))


def parts_of(wanted: Money, limits: Limits, *, at_least: int = 1) -> list[Money]:
    """The orders that collect `wanted`, or as much of it as today's limit allows, none above the limit of one.

    `at_least` so many: the channel has refused larger ones. Not more than PARTS_MAX; what is left waits for another day.
    """
    total = min(wanted.fen, limits.left.fen, limits.per_debit.fen * PARTS_MAX)
    if total <= 0:
        return []
    needed = -(-total // limits.per_debit.fen)
    count = min(max(needed, min(at_least, total)), PARTS_MAX)
    share, rest = divmod(total, count)
    return [Money(share + (1 if place < rest else 0)) for place in range(count)]


def still_to_send(amounts: Iterable[Money], owed: Money) -> list[Money]:
    """What each of several orders may still collect when `owed` is less than when they were made: the first ones first."""
    kept, left = [], owed.fen
    for amount in amounts:
        part = min(amount.fen, max(0, left))
        left -= part
        kept.append(Money(part))
    return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One line of the channel's statement of a day; `fee` is what it keeps."""

    reference: str
    kind: str
    amount: Money
    fee: Money = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where the channel and we do not say the same: `ours` and `theirs` are sums, or nothing where one side knows no such order."""

    reference: str
    kind: str
    ours: str = ""
    theirs: str = ""


def differences(ours: Iterable[StatementLine], theirs: Iterable[StatementLine]) -> list[Difference]:
    """Every order that is on one side only, or with another sum; fees are the channel's to say."""
    mine = {(line.reference, line.kind): line.amount for line in ours}
    said = {(line.reference, line.kind): line.amount for line in theirs}
    return [
        Difference(reference=key[0], kind=key[1], ours=str(mine.get(key, "")), theirs=str(said.get(key, "")))
        for key in sorted({*mine, *said}) if mine.get(key) != said.get(key)
    ]
