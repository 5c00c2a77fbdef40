"""Dry runs: what money, or taking it back, would do to a loan and to the books."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chezhe.finmath.transfers import Transfer
from chezhe.ledger import steps as ledger_steps
from chezhe.ledger.bookings import Booking, mirror_of
from chezhe.servicing import lives, postings, references, rules, steps
from chezhe.servicing import position as positions
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.position import Effect, Incoming, Position
from chezhe.servicing.steps import News


@dataclass(frozen=True, slots=True)
class Preview:
    """What money would do to a loan: where it stands before and after on the same day, and the entries."""

    before: Position
    after: Position
    bookings: tuple[Booking, ...]
    is_replay: bool


def preview_news(loan: Loan, news: News, today: date) -> Preview:
    """A dry run of `steps.take_in`: nothing is written. Money that is booked already books nothing more; raises
    ReceiptReferenceTaken (409) when the reference stands for other money."""
    return Outlook.of(loan).take_in(news, today)


@dataclass(slots=True)
class Outlook:
    """A loan as it would stand while it takes in one thing after the other: where the last left it, what has come in and been
    booked so far beside what is kept, and its status."""

    loan: Loan
    stands: Position
    status: str
    as_of: date
    came: list[Incoming]
    booked: dict[str, int]

    @classmethod
    def of(cls, loan: Loan, stands: Position | None = None) -> Outlook:
        """The loan as it stands; who asks about many knows how."""
        return cls(loan, stands or lives.standing(loan), loan.status, loan.as_of, [], {})

    def take_in(self, news: News, today: date, *, is_used: bool = True) -> Preview:
        """What `steps.take_in` would do next. Who knows that nothing was ever booked under the reference says so."""
        standing = references.standing(references.uses_of(news.reference)) if is_used else None
        before = lives.gone_on(self.stands, max(today, self.as_of))
        if standing is not None:
            references.same(standing, self.loan, news.amount, news.kind, news.incoming.kind)
            return Preview(before, before, (), False)
        is_late = news.value_on < self.as_of
        bookings, taken = self._replayed(news, today) if is_late else self._taken(news, today)
        after, later = positions.advance(taken, max(today, taken.as_of))
        is_over = rules.is_over(taken)
        bookings += [] if is_over else _of_calendar(self.loan, later)
        self._go_on(news, taken if is_over else after, bookings)
        return Preview(before, after, tuple(bookings), is_late)

    def _replayed(self, news: News, today: date) -> tuple[list[Booking], Position]:
        after, effects = lives.life_of(self.loan, self.as_of, extra=[*self.came, news.incoming])
        missing = lives.missing_transfers(self.loan, effects, _sum(lives.booked_balances(self.loan), self.booked))
        return _bookings((today, steps.REPLAY, missing)), after

    def _taken(self, news: News, today: date) -> tuple[list[Booking], Position]:
        ready, fallen = positions.advance(self.stands, news.value_on)
        taken, effects = positions.take(ready, news.incoming)
        moved = tuple(move for effect in effects for move in postings.for_effect(effect, self.loan.subject))
        return [*_of_calendar(self.loan, fallen), *_bookings((today, steps.entry_event(news, ready), moved))], taken

    def _go_on(self, news: News, after: Position, bookings: Iterable[Booking]) -> None:
        self.stands, self.as_of, self.status = after, after.as_of, rules.status_of(after)
        self.came.append(news.incoming)
        self.booked = _sum(self.booked, postings.balances([move for booking in bookings for move in booking.transfers]))


def _sum(*balances: dict[str, int]) -> dict[str, int]:
    """Balances added up, account by account."""
    found: dict[str, int] = {}
    for one in balances:
        for account, fen in one.items():
            found[account] = found.get(account, 0) + fen
    return found


def _bookings(*said: tuple[date, str, Iterable[Transfer]]) -> list[Booking]:
    """Those of them that move anything."""
    return [Booking(on, event, tuple(transfers)) for on, event, transfers in said if transfers]


def _of_calendar(loan: Loan, effects: Iterable[Effect]) -> list[Booking]:
    """Dues and nights are booked on their own day, each by itself."""
    return _bookings(*(
        (steps.booking_day(effect.on), steps.calendar_event(effect), postings.for_effect(effect, loan.subject)) for effect in effects))


def preview_reversal(loan: Loan, event: LoanEvent, today: date) -> Preview:
    """A dry run of `steps.take_back`: its mirror, then what the replay still lacks, then what the calendar does until today."""
    (opening, (came, booked)) = lives.opening_of(loan), (lives.incoming_of(loan, event), lives.booked_balances(loan))
    mirror = () if event.entry is None or steps.SHARED in event.facts else mirror_of(event.entry)
    return reversal_of(loan, Without(opening, came, booked, mirror), lives.standing(loan, max(today, loan.as_of)), today)


@dataclass(frozen=True, slots=True)
class Without:
    """What is kept of a loan without one of its events: the opening, what came in beside it, the balances in the books (fen by account,
    debit positive), and the mirror of its entry."""

    opening: Position
    came: list[Incoming]
    booked: dict[str, int]
    mirror: tuple[Transfer, ...]


def reversal_of(loan: Loan, without: Without, before: Position, today: date) -> Preview:
    """The loan lived again without the event; `before` is how it stands today with it."""
    again, effects = lives.lived(loan, without.opening, without.came, loan.as_of)
    missing = lives.missing_transfers(loan, effects, _sum(without.booked, postings.balances(without.mirror)))
    after, later = positions.advance(again, max(today, again.as_of))
    calendar = [] if rules.is_over(again) else _of_calendar(loan, later)
    named = ((today, ledger_steps.REVERSAL, without.mirror), (today, steps.REPLAY, missing))
    return Preview(before, after, (*_bookings(*named), *calendar), True)
