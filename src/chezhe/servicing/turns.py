"""Newly due, overdue, moved to another bucket, cured: what became of loans, told to whoever listens (event `loans.turned`).

Loans grow older in the nights, and money of a day is in time for that day's night: on a day counts how late its last night found
a loan. Who falls due or grows older in a shard is told with the shard, the others one by one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from chezhe.finmath.ageing import Bucket, bucket
from chezhe.kernel import events
from chezhe.servicing.position import Aged, Effect, FellDue

DUE, OVERDUE, CURED, MOVED = "due", "overdue", "cured", "moved"
EVENT = "loans.turned"


class Turns:
    """What became of loans, by day. Numbers of loans under `due`, `overdue` and `cured`; `moved` says from which bucket into which,
    also into and out of arrears."""

    def __init__(self) -> None:
        self._by_day: defaultdict[date, defaultdict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))

    def fell_due(self, on: date, loans: Iterable[str]) -> None:
        """Something of these loans fell due."""
        self._by_day[on][DUE] += loans

    def aged(self, on: date, loan: str, dpd: int) -> None:
        """The night of `on` found a loan so many days late and not fewer, as nights do that mean something."""
        self._moved(on, loan, bucket(dpd - 1), bucket(dpd))

    def by_effects(self, loan: str, effects: Iterable[Effect]) -> None:
        """What the calendar did to one loan."""
        for effect in effects:
            if isinstance(effect, FellDue) and effect.line.principal_fen + effect.line.interest_fen + effect.line.fee_fen:
                self.fell_due(effect.on, [loan])
            elif isinstance(effect, Aged):
                self.aged(effect.on, loan, effect.dpd)

    def by_money(self, on: date, loan: str, before: date | None, after: date | None) -> dict[str, Any]:
        """What money, or its return, made of a loan: since when it was unpaid `before`, and since when it is `after`. Returns what
        its event says of that: `{"moved": ["M2", "C"]}` or nothing."""
        left, entered = bucket(reached(before, on)), bucket(reached(after, on))
        self._moved(on, loan, left, entered)
        return {} if left is entered else {MOVED: [left.value, entered.value]}

    def tell(self, subject: str) -> Counter[str]:
        """Publish them, one event a day; returns how many there are of each kind."""
        told: Counter[str] = Counter()
        for on, found in sorted(self._by_day.items()):
            events.publish(EVENT, subject, {"on": on.isoformat(), **found})
            told.update({kind: len(loans) for kind, loans in found.items()})
        return told

    def _moved(self, on: date, loan: str, before: Bucket, after: Bucket) -> None:
        if before is after:
            return
        found = self._by_day[on]
        found[MOVED].append([loan, before.value, after.value])
        if Bucket.C in (before, after):
            found[OVERDUE if before is Bucket.C else CURED].append(loan)


def reached(oldest: date | None, on: date) -> int:
    """How many days late the last night before `on` found a loan unpaid since `oldest`."""
    return 0 if oldest is None else max(0, (on - oldest).days - 1)


def moved_by(kind: str, facts: Mapping[str, Any]) -> list[str]:
    """From which bucket into which an event of a loan's life moved it, as far as that was known then; empty if it did not."""
    if kind == "aged":
        buckets = [bucket(facts["dpd"] - 1), bucket(facts["dpd"])]
        return [one.value for one in buckets] if buckets[0] is not buckets[1] else []
    return list(facts.get(MOVED, ()))


def tell_effects(loan: str, subject: str, effects: Sequence[Effect]) -> None:
    """What the calendar did to one loan, told at once; nothing when nothing happened."""
    if effects:
        turned = Turns()
        turned.by_effects(loan, effects)
        turned.tell(subject)


def tell_money(loan: str, subject: str, on: date, before: date | None, after: date | None) -> dict[str, Any]:
    """What money made of one loan (`Turns.by_money`), told at once, and what its event says of that."""
    if before == after:
        return {}
    turned = Turns()
    said = turned.by_money(on, loan, before, after)
    turned.tell(subject)
    return said
