"""Entries before they are posted, and as programs read them: every door of money shows in these words what it would book."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from chezhe.finmath.money import Money
from chezhe.finmath.transfers import Transfer
from chezhe.ledger import steps
from chezhe.ledger.models import JournalEntry
from chezhe.ledger.rules import EntryContent


@dataclass(frozen=True, slots=True)
class Booking:
    """An entry that would be posted: on which day, for which event, by which transfers."""

    on: date
    event: str
    transfers: tuple[Transfer, ...]


def mirror_of(entry: JournalEntry) -> tuple[Transfer, ...]:
    """What reversing an entry posts."""
    return tuple(transfer.mirrored() for transfer in steps.transfers_of(entry))


def mirrored(entries: Iterable[JournalEntry], on: date) -> tuple[Booking, ...]:
    """What reversing the entries on a day would post."""
    return tuple(Booking(on, steps.REVERSAL, mirror_of(entry)) for entry in entries)


def proposed(contents: Iterable[EntryContent]) -> tuple[Booking, ...]:
    """What `steps.post_all` would post."""
    return tuple(Booking(content.posted_on, content.event, tuple(content.transfers)) for content in contents)


def posted(entries: Iterable[JournalEntry]) -> tuple[Booking, ...]:
    """Entries that are in the books, in the same words."""
    return tuple(Booking(entry.posted_on, entry.event, steps.transfers_of(entry)) for entry in entries)


def told(bookings: Iterable[Booking]) -> list[dict[str, Any]]:
    """Entries for a program, each with its sums by account."""
    return [
        {"on": b.on, "event": b.event, "accounts": accounts_of(b.transfers),
         "transfers": [{"debit": t.debit, "credit": t.credit, "amount": Money(t.fen)} for t in b.transfers]}
        for b in bookings
    ]


def accounts_of(transfers: Iterable[Transfer]) -> list[dict[str, Any]]:
    """What each account is debited and credited, by code."""
    sums: dict[str, list[int]] = {}
    for moved in transfers:
        sums.setdefault(moved.debit, [0, 0])[0] += moved.fen
        sums.setdefault(moved.credit, [0, 0])[1] += moved.fen
    return [{"account": code, "debit": Money(debit), "credit": Money(credit)} for code, (debit, credit) in sorted(sums.items())]
