"""Dry runs: what money, or taking it back, would do to a loan and to the books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chezhe.finmath.transfers import Transfer
from chezhe.ledger import steps as ledger_steps
from chezhe.servicing import lives, postings, steps
from chezhe.servicing import position as positions
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.position import Applied, Closed, Effect, FellDue, Position
from chezhe.servicing.steps import MoneyIn


@dataclass(frozen=True, slots=True)
class Booking:
    """An entry that would be posted: on which day, for which event, by which transfers."""

    on: date
    event: str
    transfers: tuple[Transfer, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What money would do to a loan: where it stands before and after on the same day, and the entries."""

    before: Position
    after: Position
    bookings: tuple[Booking, ...]
    is_replay: bool


def preview_money(loan: Loan, money: MoneyIn, today: date) -> Preview:
    """A dry run of `steps.take_in`: nothing is written."""
    to = max(today, loan.as_of)
    before, standing = lives.life_of(loan, to)
    after, effects = lives.life_of(loan, to, extra=[money.incoming])
    if money.value_on < loan.as_of:
        actual = {**lives.booked_balances(loan)}
        missing = lives.missing_transfers(loan, lives.life_of(loan, extra=[money.incoming])[1], actual)
        return Preview(before, after, (Booking(today, steps.REPLAY, missing),), True)
    fallen = len(lives.life_of(loan)[1])
    new = [(effect, postings.for_effect(effect, loan.subject)) for effect in effects[fallen:]]
    bookings = tuple(Booking(_day_of(effect, today), _event_of(effect), moved) for effect, moved in new if moved)
    return Preview(before, after, bookings, False)


def _day_of(effect: Effect, today: date) -> date:
    """Dues are booked on their own day, money on the day it is registered."""
    is_of_calendar = isinstance(effect, FellDue) or (isinstance(effect, Applied) and not effect.source)
    return steps.booking_day(effect.on) if is_of_calendar else today


def _event_of(effect: Effect) -> str:
    if isinstance(effect, FellDue):
        return "due"
    if isinstance(effect, Applied):
        return "repayment" if effect.source else "unapplied_used"
    return "early_settlement" if isinstance(effect, Closed) else "prepayment"


def preview_reversal(loan: Loan, event: LoanEvent, today: date) -> Preview:
    """A dry run of taking `event` back: its mirror, then what the replay still lacks."""
    to = max(today, loan.as_of)
    before, _effects = lives.life_of(loan, to)
    after, _effects = _without(loan, event, to)
    mirror = () if event.entry is None else _mirror(event)
    actual: dict[str, int] = postings.balances(mirror)
    for account, fen in lives.booked_balances(loan).items():
        actual[account] = actual.get(account, 0) + fen
    missing = lives.missing_transfers(loan, _without(loan, event, loan.as_of)[1], actual)
    named = ((mirror, "reversal"), (missing, steps.REPLAY))
    bookings = tuple(Booking(today, name, tuple(transfers)) for transfers, name in named if transfers)
    return Preview(before, after, bookings, True)


def _without(loan: Loan, event: LoanEvent, to: date) -> tuple[Position, list[Effect]]:
    return positions.fold(lives.opening_of(loan), lives.incoming_of(loan, but=event), to)


def _mirror(event: LoanEvent) -> tuple[Transfer, ...]:
    assert event.entry is not None
    return tuple(transfer.mirrored() for transfer in ledger_steps.transfers_of(event.entry))

