"""A past day computed again: every loan folded as it was known then, and as it is known today, beside what was kept.

Nothing is written. What was kept when the day was closed must come out again to the fen; where today's knowledge says
something else, the news that came later is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError
from chezhe.servicing import lives, rules
from chezhe.servicing import position as positions
from chezhe.servicing.endofday import snapshot
from chezhe.servicing.models import FOLDED_KINDS, Loan, LoanEvent

COMPARED = (
    "recognised", "principal_left", "principal_due", "interest_due", "fee_due", "unapplied", "oldest_due_on", "next_due_on", "is_off_book",
)
BATCH = 500


class NothingKept(BusinessError):
    code = "day_not_kept"
    http_status = 404
    sentence = _("没有 %(day)s 日终的账簿快照，无从比较。")


@dataclass(slots=True)
class Recomputed:
    """`wrong` are differences that nothing explains, `news` those that came with later knowledge; one sentence a loan."""

    day: date
    loans: int = 0
    wrong: list[str] = field(default_factory=list)
    news: list[str] = field(default_factory=list)


def recompute(day: date) -> Recomputed:
    """Fold every loan that stood in the book after the close of `day` again. Raises NothingKept (404)."""
    book = snapshot.read(day)
    if book is None:
        raise NothingKept(day=day)
    found = Recomputed(day)
    for rows in _some_at_a_time(book.rows):
        _compare(rows, book.event_last, found)
    return found


def _some_at_a_time(rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Mapping[str, Any]]]:
    batch: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        batch[row["number"]] = row
        if len(batch) == BATCH:
            yield batch
            batch = {}
    yield batch


def _compare(rows: Mapping[str, Mapping[str, Any]], last: int, found: Recomputed) -> None:
    loans = list(Loan.objects.filter(number__in=rows).select_related("product_version").order_by("pk"))
    found.wrong += [f"{number}: kept, and there is no such loan any more" for number in rows.keys() - {loan.number for loan in loans}]
    money: dict[int, list[LoanEvent]] = {}
    events = LoanEvent.objects.filter(loan__in=loans, kind__in=FOLDED_KINDS).select_related("reversal").order_by("value_on", "id")
    for event in events:
        money.setdefault(event.loan_id, []).append(event)
    plans = lives.kept_of(loans)
    for loan in loans:
        row, mine = rows[loan.number], money.get(loan.pk, [])
        opening = lives.opening_of(loan, plans[loan.pk].plan)
        then = _state(opening, [event for event in mine if _stood(event, last)], row["as_of"])
        now = _state(opening, [event for event in mine if event.value_on <= row["as_of"] and not _is_reversed(event)], row["as_of"])
        found.loans += 1
        if difference := _first_difference(row, then):
            found.wrong.append(f"{loan.number}: {difference}")
        elif difference := _first_difference(row, now):
            found.news.append(f"{loan.number}: {difference}; {_later(mine, last)}")


def _state(opening: positions.Position, events: Iterable[LoanEvent], to: date) -> rules.Cache:
    return rules.cache(positions.fold(opening, [lives.incoming(event) for event in events], to)[0])


def _first_difference(row: Mapping[str, Any], again: rules.Cache) -> str:
    for name in COMPARED:
        if row[name] != getattr(again, name):
            return f"{name} was kept as {row[name]} and is {getattr(again, name)}"
    return ""


def _is_reversed(event: LoanEvent, last: int | None = None) -> bool:
    reversal = getattr(event, "reversal", None)
    return reversal is not None and (last is None or reversal.pk <= last)


def _stood(event: LoanEvent, last: int) -> bool:
    """Whether the house knew it when `last` was the newest event, and had not taken it back. The clock may have jumped since;
    events are numbered as they come."""
    return event.pk <= last and not _is_reversed(event, last)


def _later(events: Iterable[LoanEvent], last: int) -> str:
    """What has been learnt since, in the order in which it was recorded."""
    told = [f"{event.reference} of {event.value_on} booked {event.posted_on}" for event in events if event.pk > last]
    told += [f"{event.reference} taken back" for event in events if _stood(event, last) and _is_reversed(event)]
    return ", ".join(told[:5])
