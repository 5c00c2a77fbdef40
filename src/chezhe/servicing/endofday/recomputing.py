"""A past day computed again: every loan folded as it was known then, and as it is known today, beside what was kept.

Nothing in the books is written; a result that people ask for is kept beside the day. What was kept when the day was closed must
come out again to the fen; where today's knowledge says something else, the news that came later is named.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock, jobs
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.servicing import lives, rules
from chezhe.servicing import position as positions
from chezhe.servicing.endofday import runs, snapshot
from chezhe.servicing.models import FOLDED_KINDS, Loan, LoanEvent, Recomputation

COMPARED = (
    "recognised", "principal_left", "principal_due", "interest_due", "fee_due", "unapplied", "oldest_due_on", "next_due_on", "is_off_book",
)
BATCH = 500
# So many differences are kept to be read; more than these is a fault of the house, not of loans.
KEPT_MAX = 200
LOG = logging.getLogger(__name__)


class NothingKept(BusinessError):
    code = "day_not_kept"
    http_status = 404
    sentence = _("没有 %(day)s 日终的账簿快照，无从比较。")


class DayNotClosed(BusinessError):
    code = "day_not_closed"
    sentence = _("%(day)s 的日终尚未完成，完成后才能重算。")


@dataclass(frozen=True, slots=True)
class Learnt:
    """A receipt or change that came after the close, or (`is_taken_back`) one that stood then and does no more."""

    reference: str
    value_on: date
    posted_on: date
    is_taken_back: bool

    def __str__(self) -> str:
        return f"{self.reference} taken back" if self.is_taken_back else f"{self.reference} of {self.value_on} booked {self.posted_on}"


@dataclass(frozen=True, slots=True)
class Difference:
    """The first column of a loan that comes out otherwise than it was kept, as text (sums in fen); without a column there is no such
    loan any more. `learnt` is what came since, five at most."""

    number: str
    column: str = ""
    kept: str = ""
    again: str = ""
    learnt: tuple[Learnt, ...] = ()

    def __str__(self) -> str:
        if not self.column:
            return f"{self.number}: kept, and there is no such loan any more"
        said = f"{self.number}: {self.column} was kept as {self.kept} and is {self.again}"
        return f"{said}; {', '.join(map(str, self.learnt))}" if self.learnt else said

    @property
    def kept_form(self) -> dict[str, Any]:
        """As JSON."""
        told = asdict(self)
        return told | {"learnt": [one | {name: one[name].isoformat() for name in ("value_on", "posted_on")} for one in told["learnt"]]}


@dataclass(slots=True)
class Recomputed:
    """`wrong` are differences that nothing explains, `news` those that came with later knowledge; one a loan. `fault` says why there is
    no answer."""

    day: date
    loans: int = 0
    wrong: list[Difference] = field(default_factory=list)
    news: list[Difference] = field(default_factory=list)
    fault: str = ""


def recompute(day: date) -> Recomputed:
    """Fold every loan that stood in the book after the close of `day` again. Raises NothingKept (404)."""
    book = snapshot.read(day)
    if book is None:
        raise NothingKept(day=day)
    found = Recomputed(day)
    for rows in _some_at_a_time(book.rows):
        _compare(rows, book.event_last, found)
    return found


def ask(day: date, *, by: Actor) -> Recomputation:
    """Have the worker recompute a closed day; one that is under way is given again. Raises NotFound (404) for a day without a close,
    DayNotClosed (409) and NothingKept (404)."""
    run = runs.locked(day)
    if run.status != "closed":
        raise DayNotClosed(day=day)
    if not snapshot.is_kept(day):
        raise NothingKept(day=day)
    before = run.recomputations.filter(done_at=None).first()
    if before is not None and jobs.waiting("servicing.recompute_day", recomputation_id=before.pk):
        return before
    asked = Recomputation.objects.create(run=run, asked_at=clock.now(), asked_by_name=by.name)
    jobs.enqueue("servicing.recompute_day", recomputation_id=asked.pk)
    return asked


def answer(recomputation_id: int) -> Recomputed:
    """What the worker finds; why it could not is an answer too, since asking again is one click."""
    day = Recomputation.objects.values_list("run__day", flat=True).get(pk=recomputation_id)
    try:
        return recompute(day)
    except Exception as fault:
        LOG.exception("recomputing %s", day)
        return Recomputed(day, fault=(str(fault) or type(fault).__name__)[:500])


def keep(recomputation: Recomputation, found: Recomputed) -> None:
    """Write down what was found: every count, and as many differences as can be read."""
    recomputation.done_at, recomputation.fault, recomputation.loans = clock.now(), found.fault, found.loans
    recomputation.wrong_count, recomputation.news_count = len(found.wrong), len(found.news)
    recomputation.wrong = [one.kept_form for one in found.wrong[:KEPT_MAX]]
    recomputation.news = [one.kept_form for one in found.news[:KEPT_MAX]]
    recomputation.save()


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
    found.wrong += [Difference(number) for number in sorted(rows.keys() - {loan.number for loan in loans})]
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
        if column := _first_difference(row, then):
            found.wrong.append(Difference(loan.number, column, str(row[column]), str(getattr(then, column))))
        elif column := _first_difference(row, now):
            found.news.append(Difference(loan.number, column, str(row[column]), str(getattr(now, column)), _later(mine, last)))


def _state(opening: positions.Position, events: Iterable[LoanEvent], to: date) -> rules.Cache:
    return rules.cache(positions.fold(opening, [lives.incoming(event) for event in events], to)[0])


def _first_difference(row: Mapping[str, Any], again: rules.Cache) -> str:
    """The first column that differs; empty when none does."""
    return next((name for name in COMPARED if row[name] != getattr(again, name)), "")


def _is_reversed(event: LoanEvent, last: int | None = None) -> bool:
    reversal = getattr(event, "reversal", None)
    return reversal is not None and (last is None or reversal.pk <= last)


def _stood(event: LoanEvent, last: int) -> bool:
    """Whether the house knew it when `last` was the newest event, and had not taken it back. The clock may have jumped since;
    events are numbered as they come."""
    return event.pk <= last and not _is_reversed(event, last)


def _later(events: Iterable[LoanEvent], last: int) -> tuple[Learnt, ...]:
    """What has been learnt since, in the order in which it was recorded."""
    told = [Learnt(event.reference, event.value_on, event.posted_on, False) for event in events if event.pk > last]
    told += [Learnt(event.reference, event.value_on, event.posted_on, True)
             for event in events if _stood(event, last) and _is_reversed(event)]
    return tuple(told[:5])
