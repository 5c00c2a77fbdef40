"""A past day computed again: every loan folded as it was known then, and as it is known today, beside what was kept.

Nothing in the books is written; a result that people ask for is kept beside the day. What was kept when the day was closed must
come out again to the fen; where today's knowledge says something else, the news that came later is named.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chezhe.finmath import ageing
from chezhe.kernel import clock, jobs
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.servicing import lives, rules, steps
from chezhe.servicing import position as positions
from chezhe.servicing.endofday import runs, snapshot
from chezhe.servicing.models import FOLDED_KINDS, Loan, LoanEvent, Recomputation
from chezhe.servicing.quality import evenings
from chezhe.servicing.quality.evenings import NONE, Evening

# Columns of the snapshot that the row of a loan keeps of its fold, under the same names.
CACHED = (
    "recognised", "principal_left", "principal_due", "interest_due", "fee_due", "unapplied", "oldest_due_on", "next_due_on", "is_off_book",
    "deposit", "annual_rate", "observed_until", "performing_since",
)
# In the order in which they are compared: what the fold says, then what the house makes of its borrower's loans together.
FOLDED = (*CACHED, "status", "settled_on", "matures_on", "dpd", "bucket")
CLASSED = ("five_class", "stage")
COMPARED = (*FOLDED, *CLASSED)
# What no fold tells: who and where, what was agreed at the payout, and the day up to which the row was brought (it is folded to that).
NOT_TOLD = (
    "number", "product_version_id", "branch_id", "principal", "periods", "paid_out_on", "as_of", "customer_id", "product", "branch",
)
BATCH = 500
# So many differences are kept to be read; more than these is a fault of the house, not of loans.
KEPT_MAX = 200
LOG = logging.getLogger(__name__)


class NothingKept(BusinessError):
    code = "day_not_kept"
    http_status = 404
    sentence = _("没有 %(day)s 日终的账簿快照，无从比较。")


class LoanNotKept(BusinessError):
    code = "loan_not_kept"
    http_status = 404
    sentence = _("%(day)s 日终的账簿快照中没有 %(numbers)s，请核对贷款编号和日期。")


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


def recompute(day: date, numbers: Sequence[str] = ()) -> Recomputed:
    """Fold every loan that stood in the book after the close of `day` again, or only those of these `numbers`.

    Raises NothingKept, and LoanNotKept (404) for numbers that the book of that day does not have.
    """
    book = snapshot.read(day, numbers)
    if book is None:
        raise NothingKept(day=day)
    wanted, evening, found = set(numbers), None if numbers else evenings.again(day), Recomputed(day)
    for rows in _some_at_a_time(book.rows):
        wanted -= rows.keys()
        if numbers:
            evening = evenings.again(day, sorted({row["customer_id"] for row in rows.values() if row["customer_id"]}))
        _compare(rows, book.event_last, evening, found)
    if wanted:
        raise LoanNotKept(day=day, numbers="、".join(sorted(wanted)))
    return found


def ask(day: date, number: str = "", *, by: Actor) -> Recomputation:
    """Have the worker recompute a closed day, or one loan on it; one that is under way is given again. Raises NotFound (404) for a day
    without a close or a loan that there is not, DayNotClosed (409) and NothingKept (404)."""
    run = runs.locked(day)
    if run.status != "closed":
        raise DayNotClosed(day=day)
    if not snapshot.is_kept(day):
        raise NothingKept(day=day)
    if number:
        number = Loan.objects.visible_to(by).fetch(number).number
    before = run.recomputations.filter(done_at=None, number=number).first()
    if before is not None and jobs.waiting("servicing.recompute_day", recomputation_id=before.pk):
        return before
    asked = Recomputation.objects.create(run=run, asked_at=clock.now(), asked_by_name=by.name, number=number)
    jobs.enqueue("servicing.recompute_day", recomputation_id=asked.pk)
    return asked


def answer(recomputation_id: int) -> Recomputed:
    """What the worker finds; why it could not is an answer too, since asking again is one click."""
    day, number = Recomputation.objects.values_list("run__day", "number").get(pk=recomputation_id)
    try:
        return recompute(day, [number] if number else [])
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


def _compare(rows: Mapping[str, Mapping[str, Any]], last: int, evening: Evening | None, found: Recomputed) -> None:
    loans = list(Loan.objects.filter(number__in=rows).select_related("product_version").order_by("pk"))
    found.wrong += [Difference(number) for number in sorted(rows.keys() - {loan.number for loan in loans})]
    money: dict[int, list[LoanEvent]] = {}
    events = LoanEvent.objects.filter(loan__in=loans, kind__in=FOLDED_KINDS).select_related("reversal").order_by("value_on", "id")
    for event in events:
        money.setdefault(event.loan_id, []).append(event)
    plans = lives.kept_of(loans)
    for loan in loans:
        row, mine, day = rows[loan.number], money.get(loan.pk, []), found.day
        opening = lives.opening_of(loan, plans[loan.pk].plan)
        then = _state(opening, [event for event in mine if _stood(event, last)], row, day)
        now = _state(opening, [event for event in mine if event.value_on <= row["as_of"] and not _is_reversed(event)], row, day)
        found.loans += 1
        if column := _first_difference(row, then):
            found.wrong.append(_difference(row, column, then))
        elif column := _first_difference(row, now):
            found.news.append(_difference(row, column, now, _later(mine, last)))
        else:
            _compare_class(row, loan, last, evening, found)


def _compare_class(row: Mapping[str, Any], loan: Loan, last: int, evening: Evening | None, found: Recomputed) -> None:
    """Class and stage by what is known today of all loans of the borrower: another than was kept is news when something has been
    learnt of any of them since."""
    again = dict(zip(CLASSED, evening.of(loan.pk, row["status"]) if evening else NONE, strict=True))
    if column := _first_difference(row, again):
        learnt = _learnt_of_borrower(loan, found.day, last)
        (found.news if learnt else found.wrong).append(_difference(row, column, again, learnt))


def _learnt_of_borrower(loan: Loan, day: date, last: int) -> tuple[Learnt, ...]:
    """What came after the snapshot and bears on the evening: what is dated by then, and what gave a loan another plan; five at most."""
    events = LoanEvent.objects.filter(loan__customer_id=loan.customer_id, pk__gt=last, kind__in=[*FOLDED_KINDS, "reversed"])
    bearing = events.filter(Q(value_on__lte=day) | Q(kind__in=steps.PLANNING)).select_related("reverses").order_by("pk")[:5]
    return tuple(
        Learnt((event.reverses or event).reference, event.value_on, event.posted_on, event.reverses is not None) for event in bearing)


def _state(opening: positions.Position, events: Iterable[LoanEvent], row: Mapping[str, Any], day: date) -> dict[str, Any]:
    """What FOLDED are by these events, on the evening of `day`, of a loan that had been brought to the day of its row."""
    position, _effects = positions.fold(opening, [lives.incoming(event) for event in events], row["as_of"])
    cached = rules.cache(position)
    dpd = max(0, (day - cached.oldest_due_on).days) if cached.oldest_due_on else 0
    told = {name: getattr(cached, name) for name in CACHED}
    return told | {
        "status": rules.status_of(position), "settled_on": _settled_on(position, row), "matures_on": position.lines[-1].line.due_date,
        "dpd": dpd, "bucket": ageing.bucket(dpd).value,
    }


def _settled_on(position: positions.Position, row: Mapping[str, Any]) -> date | None:
    """The day of the settlement. Of a loan that its instalments paid off, the row keeps the day on which the house saw it, which no fold
    tells: it lies between the last due date and the day to which the row was brought."""
    if position.settled_on or not position.is_paid_off:
        return position.settled_on
    kept = row.get("settled_on")
    return kept if kept and position.lines[-1].line.due_date <= kept <= position.as_of else position.as_of


def _difference(row: Mapping[str, Any], column: str, again: Mapping[str, Any], learnt: tuple[Learnt, ...] = ()) -> Difference:
    return Difference(row["number"], column, str(row[column]), str(again[column]), learnt)


def _first_difference(row: Mapping[str, Any], again: Mapping[str, Any]) -> str:
    """The first column that differs; empty when none does. A snapshot of older make may have fewer."""
    return next((name for name in again if name in row and not _is_same(name, row[name], again[name])), "")


def _is_same(column: str, kept: Any, again: Any) -> bool:
    """The rate is kept as text; a charge by the month has none in its fold."""
    if column == "annual_rate":
        return again is None or (kept is not None and Decimal(kept) == again)
    return bool(kept == again)


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
