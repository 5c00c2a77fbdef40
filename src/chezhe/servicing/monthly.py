"""What the runs of a month have in common, be it provision, VAT or funding cost: the month is over, a second person posts what was
computed, and the latest one is taken back first."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from chezhe.kernel import moves
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid, SamePerson, require_reason
from chezhe.kernel.machine import Machine
from chezhe.ledger import queries as ledger_queries
from chezhe.ledger import steps as ledger_steps
from chezhe.ledger.bookings import Booking, mirrored, proposed
from chezhe.ledger.models import JournalEntry
from chezhe.ledger.rules import EntryContent
from chezhe.servicing import steps

MONTHS_OFFERED = 6


def month_after(as_of: date) -> date:
    """The last day of the month after the one that ends with `as_of`."""
    return ledger_queries.next_month(as_of + timedelta(days=1)) - timedelta(days=1)


def ends_before(today: date) -> list[date]:
    """The last month ends that are over on `today`, the latest first."""
    ends, first = [], today.replace(day=1)
    for _month in range(MONTHS_OFFERED):
        ends.append(first - timedelta(days=1))
        first = ends[-1].replace(day=1)
    return ends


def next_ends(last: Any, today: date) -> list[date]:
    """Where months must follow one another: the one after the run `last`; before the first run whatever is over."""
    ends = ends_before(today) if last is None else [month_after(last.as_of)]
    return [end for end in ends if end < today]


def choices(ends: Iterable[date]) -> list[tuple[str, str]]:
    """Month ends as a form offers them."""
    return [(end.isoformat(), end.isoformat()) for end in ends]


def require_over(as_of: date, today: date, *, not_end: Any, not_over: type[BusinessError]) -> None:
    """Raises Invalid (422) with the sentence `not_end` for a day that ends no month, `not_over` for a month that still runs."""
    if as_of.day != monthrange(as_of.year, as_of.month)[1]:
        raise Invalid(field="as_of", code="not_month_end", sentence=not_end)
    if as_of >= today:
        raise not_over(as_of=as_of, today=today)


def last_posted(model: Any) -> Any:
    """The run of a kind that the books stand on; None before the first."""
    return model.objects.filter(status="posted").order_by("-as_of").first()


def require_second(run: Any, machine: Machine, by: Actor) -> None:
    """Raises WrongState (409) for a run that cannot be posted now, SamePerson (409) for who started it."""
    machine.require(run.status, "post")
    if run.started_by_id in by.user_ids:
        raise SamePerson(name=by.name, verb=machine.label("post"))


def booked_entries(prefix: str) -> QuerySet[JournalEntry]:
    """The entries whose references begin with `prefix` (`vat/VT26-…/`), in the order of their writing."""
    return JournalEntry.objects.filter(reference__startswith=prefix, reverses=None).order_by("pk")


def take_back(
    run: Any, machine: Machine, entries: Iterable[JournalEntry], reason: str, *, later_stands: type[BusinessError], by: Actor
) -> None:
    """Mirror every entry of a locked, posted run. Raises ReasonRequired (422), WrongState (409), or `later_stands` while a later
    month does."""
    reason = _require_reversible(run, machine, reason, later_stands)
    for entry in entries:
        ledger_steps.reverse(reference=entry.reference, on=steps.booking_day(run.posted_on), reason=reason, by=by)
    moves.move(run, machine, "reverse", by=by, reason=reason)


def to_book(run: Any, entries_of: Callable[[Any, date], Iterable[EntryContent]]) -> tuple[Booking, ...]:
    """What posting a computed run would book now, whoever asks; nothing of another."""
    return proposed(entries_of(run, steps.booking_day(run.as_of))) if run.status == "computed" else ()


def would_take_back(
    run: Any, machine: Machine, entries: Iterable[JournalEntry], reason: str, *, later_stands: type[BusinessError],
) -> tuple[Booking, ...]:
    """What `take_back` would post. Raises what it raises."""
    _require_reversible(run, machine, reason, later_stands)
    return mirrored(entries, steps.booking_day(run.posted_on))


def _require_reversible(run: Any, machine: Machine, reason: str, later_stands: type[BusinessError]) -> str:
    machine.require(run.status, "reverse")
    reason = require_reason(reason)
    later = type(run).objects.filter(status="posted", as_of__gt=run.as_of).order_by("as_of").first()
    if later is not None:
        raise later_stands(number=later.number, as_of=later.as_of)
    return reason
