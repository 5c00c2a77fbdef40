"""Receipts for many loans taken in together: what needs nothing but its money costs a handful of statements for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from chezhe.kernel import bulk, locks
from chezhe.kernel.actor import Actor
from chezhe.ledger import steps as ledger_steps
from chezhe.ledger.rules import EntryContent
from chezhe.servicing import checkpoints, lives, postings, rules, steps
from chezhe.servicing import position as positions
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.position import Effect, Position
from chezhe.servicing.turns import Turns


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money for a locked loan."""

    loan: Loan
    news: steps.News


@dataclass(frozen=True, slots=True)
class _Taken:
    """A receipt, how the loan stood when it came, what it did, how it stood then, and how the loan stands today."""

    receipt: Receipt
    before: Position
    effects: list[Effect]
    taken: Position
    after: Position


def take_in(receipts: Sequence[Receipt], *, today: date, by: Actor) -> list[Receipt]:
    """`steps.take_in` for receipts of different loans; returns those that are left to it.

    Left are news that was booked before or is of a day the loan has left behind, and loans for which the calendar has
    something to do on the way, or which would change their status or be over.
    """
    locks.hold_all(f"receipt:{receipt.news.reference}" for receipt in receipts)
    used = set(LoanEvent.objects.filter(reference__in=[one.news.reference for one in receipts]).values_list("reference", flat=True))
    standing = lives.standing_of([receipt.loan for receipt in receipts])
    taken, left = [], []
    for receipt in receipts:
        lived = None if receipt.news.reference in used else _live(receipt, standing[receipt.loan.pk], today)
        if lived:
            taken.append(lived)
        else:
            left.append(receipt)
    if taken:
        _book(taken, today, by)
        _store(taken)
    return left


def _live(receipt: Receipt, standing: Position, today: date) -> _Taken | None:
    loan, news = receipt.loan, receipt.news
    if news.value_on < loan.as_of:
        return None
    before, aged = positions.advance(standing, news.value_on)
    if aged:
        return None
    taken, effects = positions.take(before, news.incoming)
    after, later = positions.advance(taken, max(today, taken.as_of))
    if later or rules.is_over(after) or rules.status_of(after) != loan.status:
        return None
    return _Taken(receipt, before, effects, taken, after)


def _book(taken: list[_Taken], today: date, by: Actor) -> None:
    """The entries, then the events that name them, and the news of each."""
    contents = [
        EntryContent(
            event=steps.entry_event(one.receipt.news, one.before), reference=one.receipt.news.reference, posted_on=today,
            branch_id=one.receipt.loan.branch_id, memo=one.receipt.loan.number,
            transfers=tuple(move for effect in one.effects for move in postings.for_effect(effect, one.receipt.loan.subject)),
        )
        for one in taken
    ]
    entries = ledger_steps.post_all(contents, by=by)
    turned = Turns()
    events = [
        steps.event_of(one.receipt.loan, one.receipt.news, one.effects, entry, moved=_turn(one, turned), today=today, by=by)
        for one, entry in zip(taken, entries, strict=True)
    ]
    bulk.insert(events)
    checkpoints.keep([checkpoints.after(event, one.taken) for one, event in zip(taken, events, strict=True)])
    for one, event in zip(taken, events, strict=True):
        steps.announce(one.receipt.loan, event)
    turned.tell(f"day:{today.isoformat()}")


def _turn(one: _Taken, turned: Turns) -> dict[str, Any]:
    return turned.by_money(one.taken.as_of, one.receipt.loan.number, one.before.oldest_due_on, one.taken.oldest_due_on)


def _store(taken: list[_Taken]) -> None:
    """All rows by one statement, and what their groups must be told by another."""
    changes = [change for one in taken for change in steps.lay_in(one.receipt.loan, one.after)]
    bulk.insert(changes)
    bulk.update([one.receipt.loan for one in taken], steps.STORED)
