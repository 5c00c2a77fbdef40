"""What three sides say of one movement of money, judged; and a day of an account added up. Pure values, whole fen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

BANK, CHANNEL, LEDGER = "bank", "channel", "ledger"
SIDES = (BANK, CHANNEL, LEDGER)
# How the sides can disagree; agreement is the empty text.
AGREED = ""
BANK_ONLY, CHANNEL_ONLY, LEDGER_ONLY = "bank_only", "channel_only", "ledger_only"
MISSING = {BANK: "bank_missing", CHANNEL: "channel_missing", LEDGER: "ledger_missing"}
AMOUNT_DIFFERS, DOUBLED, DAY_DIFFERS = "amount_differs", "doubled", "day_differs"
KINDS = (BANK_ONLY, CHANNEL_ONLY, LEDGER_ONLY, *MISSING.values(), AMOUNT_DIFFERS, DOUBLED, DAY_DIFFERS)
# Age in days of what is open: up to and including.
BUCKETS = (("fresh", 0, 1), ("week", 2, 7), ("month", 8, 30), ("old", 31, None))
ORDER = re.compile(r"Y\d{2}-\d{6,12}-\d\.\d{1,4}")


@dataclass(frozen=True, slots=True)
class Piece:
    """What one side says once: `fen` is signed, positive into the account; `fee_fen` is what the channel kept."""

    side: str
    on: date
    fen: int
    fee_fen: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """`kind` is empty when all agree; `fen` is bank less ledger, what the two balances differ by because of it."""

    kind: str
    fen: int
    first_on: date
    last_on: date


def judge(pieces: Sequence[Piece], *, expects_channel: bool, days_max: int) -> Finding:
    """What is wrong with these pieces of one movement, the gravest first: a side missing, sums, doubles, then days."""
    sums = {side: sum(p.fen for p in pieces if p.side == side) for side in SIDES}
    days = [p.on for p in pieces]
    return Finding(_kind(pieces, sums, expects_channel, days_max), sums[BANK] - sums[LEDGER], min(days), max(days))


def _kind(pieces: Sequence[Piece], sums: Mapping[str, int], expects_channel: bool, days_max: int) -> str:
    there = {p.side for p in pieces}
    if there == {LEDGER} and not sums[LEDGER]:
        return AGREED  # booked and taken back: no bank ever sees it
    if len(there) == 1:
        return {BANK: BANK_ONLY, CHANNEL: CHANNEL_ONLY, LEDGER: LEDGER_ONLY}[there.pop()]
    for side in (BANK, LEDGER, *((CHANNEL,) if expects_channel else ())):
        if side not in there:
            return MISSING[side]
    if len({sums[side] for side in there}) > 1:
        return DOUBLED if _is_doubled(pieces, sums) else AMOUNT_DIFFERS
    days = [p.on for p in pieces]
    return DAY_DIFFERS if (max(days) - min(days)).days > days_max else AGREED


def _is_doubled(pieces: Sequence[Piece], sums: Mapping[str, int]) -> bool:
    """Some side says the same sum several times, and once would be right."""
    single = {side: next((p.fen for p in pieces if p.side == side), 0) for side in SIDES}
    repeats = [side for side in SIDES if single[side] and sums[side] // single[side] > 1 and not sums[side] % single[side]]
    once = {single[side] if side in repeats else sums[side] for side in {p.side for p in pieces}}
    return bool(repeats) and len(once) == 1


def bucket_of(age_days: int) -> str:
    """Which drawer an age belongs to."""
    return next(name for name, low, high in BUCKETS if age_days >= low and (high is None or age_days <= high) or name == "old")


@dataclass(frozen=True, slots=True)
class Stated:
    """What a statement says stood on the account before and after a day."""

    on: date
    opening_fen: int
    closing_fen: int


@dataclass(frozen=True, slots=True)
class Flow:
    """What moved on one side on one day."""

    in_fen: int = 0
    out_fen: int = 0

    @property
    def net_fen(self) -> int:
        return self.in_fen - self.out_fen


@dataclass(frozen=True, slots=True)
class Gap:
    """Money that a statement's balances claim and none of its lines shows: `before` tells a gap ahead of the day."""

    on: date
    fen: int
    before: bool


@dataclass(frozen=True, slots=True)
class BankSide:
    """A day on the bank's side. `anchor_fen` stood there before the first line we know; `stated_fen` is the closing
    balance if a statement of this day gives one."""

    opening_fen: int
    flow: Flow
    closing_fen: int
    stated_fen: int | None
    anchor_fen: int
    gaps: tuple[Gap, ...]


def bank_side(stated: Iterable[Stated], flows: Mapping[date, Flow], on: date) -> BankSide:
    """Add a bank's lines up to the end of `on`; wherever its own balances disagree with its lines, a gap says by how much.

    `flows` holds every day with lines up to `on`, `stated` at most one row a day.
    """
    known = sorted((row for row in stated if row.on <= on), key=lambda row: row.on)
    first = known[0] if known else None
    anchor = first.opening_fen - _net(flows, None, first.on) if first else 0
    running, gaps, day = anchor, [], None
    for row in known:
        running += _net(flows, day, row.on)
        gaps += [Gap(row.on, row.opening_fen - running, True)] if row.opening_fen != running else []
        own = flows.get(row.on, Flow()).net_fen
        gaps += [Gap(row.on, row.closing_fen - row.opening_fen - own, False)] if row.closing_fen - row.opening_fen != own else []
        running, day = row.closing_fen - own, row.on  # its own lines are added with those that follow
    flow = flows.get(on, Flow())
    closing = running + sum(f.net_fen for d, f in flows.items() if (day is None or d >= day) and d <= on)
    last = known[-1] if known else None
    return BankSide(closing - flow.net_fen, flow, closing, last.closing_fen if last and last.on == on else None, anchor, tuple(gaps))


def _net(flows: Mapping[date, Flow], start: date | None, end: date) -> int:
    """The lines of `[start, end)`."""
    return sum(flow.net_fen for day, flow in flows.items() if (start is None or day >= start) and day < end)


@dataclass(frozen=True, slots=True)
class Standing:
    """A tally as it stood at the end of a day: what bank and ledger had said of it by then."""

    bank_fen: int
    ledger_fen: int

    @property
    def fen(self) -> int:
        return self.bank_fen - self.ledger_fen


# The four lists of a bank reconciliation statement (银行存款余额调节表), and the fifth that it forgets.
BANK_IN, BANK_OUT, BOOKS_IN, BOOKS_OUT, DIFFERS = "bank_in", "bank_out", "books_in", "books_out", "differs"
REASONS = (BANK_IN, BANK_OUT, BOOKS_IN, BOOKS_OUT, DIFFERS)


def reason_of(standing: Standing) -> str:
    """Which list an open difference belongs to."""
    if standing.bank_fen and standing.ledger_fen:
        return DIFFERS
    if standing.bank_fen:
        return BANK_IN if standing.bank_fen > 0 else BANK_OUT
    return BOOKS_IN if standing.ledger_fen > 0 else BOOKS_OUT
