"""Dry runs: what money, or taking it back, would do to a loan and to the books."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from chezhe.finmath.transfers import Transfer
from chezhe.ledger import steps as ledger_steps
from chezhe.servicing import lives, postings, steps
from chezhe.servicing import position as positions
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.position import Effect, Position
from chezhe.servicing.steps import News


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


def preview_news(loan: Loan, news: News, today: date) -> Preview:
    """A dry run of `steps.take_in`: nothing is written."""
    to = max(today, loan.as_of)
    stands = lives.standing(loan)
    before = lives.gone_on(stands, to)
    if news.value_on < loan.as_of:
        after, _effects = lives.life_of(loan, to, extra=[news.incoming])
        missing = lives.missing_transfers(loan, lives.life_of(loan, extra=[news.incoming])[1])
        return Preview(before, after, (Booking(today, steps.REPLAY, missing),), True)
    ready, fallen = positions.advance(stands, news.value_on)
    taken, effects = positions.take(ready, news.incoming)
    after, later = positions.advance(taken, to)
    named = steps.entry_event(news, ready)
    booked = Booking(today, named, tuple(moved for effect in effects for moved in postings.for_effect(effect, loan.subject)))
    bookings = (*_of_calendar(loan, fallen), booked, *_of_calendar(loan, later))
    return Preview(before, after, tuple(booking for booking in bookings if booking.transfers), False)


def _of_calendar(loan: Loan, effects: Iterable[Effect]) -> Iterator[Booking]:
    """Dues and nights are booked on their own day, each by itself."""
    for effect in effects:
        event = steps.calendar_event(effect)
        yield Booking(steps.booking_day(effect.on), event, postings.for_effect(effect, loan.subject))


def preview_reversal(loan: Loan, event: LoanEvent, today: date) -> Preview:
    """A dry run of taking `event` back: its mirror, then what the replay still lacks."""
    to = max(today, loan.as_of)
    before = lives.standing(loan, to)
    after, _effects = _without(loan, event, to)
    mirror = () if event.entry is None or steps.SHARED in event.facts else _mirror(event)
    actual: dict[str, int] = postings.balances(mirror)
    for account, fen in lives.booked_balances(loan).items():
        actual[account] = actual.get(account, 0) + fen
    missing = lives.missing_transfers(loan, _without(loan, event, loan.as_of)[1], actual)
    named = ((mirror, "reversal"), (missing, steps.REPLAY))
    bookings = tuple(Booking(today, name, tuple(transfers)) for transfers, name in named if transfers)
    return Preview(before, after, bookings, True)


def _without(loan: Loan, event: LoanEvent, to: date) -> tuple[Position, list[Effect]]:
    return lives.life_of(loan, to, but=event)


def _mirror(event: LoanEvent) -> tuple[Transfer, ...]:
    assert event.entry is not None
    return tuple(transfer.mirrored() for transfer in ledger_steps.transfers_of(event.entry))

