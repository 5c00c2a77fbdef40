"""The internal funding cost of a month: shown before, booked with a line a loan, taken back as a whole."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock, events, locks, moves, numbers
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.ledger import steps as ledger_steps
from chezhe.ledger.bookings import Booking, proposed
from chezhe.ledger.models import JournalEntry
from chezhe.ledger.rules import EntryContent
from chezhe.servicing import monthly, steps
from chezhe.servicing.profit import postings, reading, rules
from chezhe.servicing.profit.figures import price_list
from chezhe.servicing.profit.models import FUNDING_PREFIX, FundingRun
from chezhe.servicing.profit.reading import Priced
from chezhe.servicing.profit.states import FUNDING

_LOCK = "servicing.funding"
FUNDING_EVENT = "internal_funding"


class FundingMonthNotOver(BusinessError):
    code = "month_not_over"
    http_status = 422
    field = "as_of"
    sentence = gettext_lazy("%(as_of)s 尚未日终，月末日终完成后才能计算资金成本；业务日期是 %(today)s。")


class FundingNotNextMonth(BusinessError):
    code = "funding_not_next"
    http_status = 422
    field = "as_of"
    sentence = gettext_lazy("资金成本已入账到 %(last)s，接下来是 %(next)s，不能是 %(as_of)s。")


class LaterFundingStands(BusinessError):
    code = "later_funding_stands"
    sentence = gettext_lazy("%(number)s（%(as_of)s）在此之后已入账，请先冲回它。")


@dataclass(frozen=True, slots=True)
class Worked:
    """What a month would book, and why; `since` is the evening before funding cost began."""

    as_of: date
    since: date
    basis: int
    lines: list[Priced]

    @property
    def cost_fen(self) -> int:
        return sum(line.cost for line in self.lines)

    def totals(self) -> dict[tuple[str, int], int]:
        """By product and branch."""
        sums: dict[tuple[str, int], int] = defaultdict(int)
        for line in self.lines:
            sums[line.funded.product, line.funded.branch] += line.cost
        return dict(sorted(sums.items()))


def last_posted() -> FundingRun | None:
    """The run up to which funding cost is booked."""
    return monthly.last_posted(FundingRun)


def work(as_of: date) -> Worked:
    """The month that ends with `as_of`, worked out and not booked: what the running total grew by since the month before.

    Raises Invalid, FundingMonthNotOver or FundingNotNextMonth (422), ParameterMissing (409).
    """
    today, last = business_date.current(), last_posted()
    monthly.require_over(as_of, today, not_end=_("入账日须为月末。"), not_over=FundingMonthNotOver)
    if last is not None and as_of != (due := monthly.month_after(last.as_of)):
        raise FundingNotNextMonth(last=last.as_of, next=due, as_of=as_of)
    since = last.since if last else as_of.replace(day=1) - timedelta(days=1)
    basis = price_list().basis(as_of)
    before = {line.funded.loan: line.to_date for line in _priced(since, basis, {})}
    for loan, fen in reading.posted_before(as_of).items():
        before[loan] = before.get(loan, 0) + fen
    return Worked(as_of, since, basis, [line for line in _priced(as_of, basis, before) if line.cost])


def _priced(on: date, basis: int, before: dict[int, int]) -> list[Priced]:
    prices, lines = price_list(), []
    for one in reading.funded(on):
        rate = prices.rate(one.product, one.months, one.paid_out_on)
        to_date = rules.cost_of(one.fen_days, rate, basis)
        lines.append(Priced(one, rate, to_date, to_date - before.get(one.loan, 0)))
    return lines


def entries_of(worked: Worked, number: str, on: date) -> list[EntryContent]:
    """One a product and branch."""
    return [
        EntryContent(
            event=FUNDING_EVENT, reference=f"funding/{number}/{product}/{branch}", posted_on=on, branch_id=branch,
            memo=f"{number} {product}".strip(), transfers=postings.for_funding(fen, f"funding:{product}"),
        )
        for (product, branch), fen in worked.totals().items() if fen
    ]


def post(as_of: date, *, by: Actor) -> FundingRun:
    """Book a month; one that is booked already gives the standing run. Raises what `work` raises."""
    locks.hold(_LOCK)
    standing = FundingRun.objects.filter(as_of=as_of, status="posted").first()
    if standing is not None:
        return standing
    worked, on = work(as_of), steps.booking_day(as_of)
    run = FundingRun.objects.create(
        number=numbers.next_number(FUNDING_PREFIX, business_date.current()), as_of=as_of, since=worked.since, basis=worked.basis,
        loans=len(worked.lines), cost=Money(worked.cost_fen), posted_by_name=by.name, posted_on=on, posted_at=clock.now(),
    )
    reading.write_lines(run.pk, worked.lines)
    contents = entries_of(worked, run.number, on)
    if contents:
        ledger_steps.post_all(contents, by=by)
    moves.record(run.subject, "post", "", run.status, by=by)
    events.publish("funding.posted", run.subject, {"number": run.number, "as_of": as_of.isoformat(), "cost_fen": run.cost.fen})
    return run


def to_book(as_of: date) -> tuple[Worked | None, tuple[Booking, ...]]:
    """What `post` would book, and why; None and nothing for a month that is booked. Raises what `work` raises."""
    if FundingRun.objects.filter(as_of=as_of, status="posted").exists():
        return None, ()
    worked = work(as_of)
    return worked, proposed(entries_of(worked, "", steps.booking_day(as_of)))


def would_reverse(run: FundingRun, reason: str) -> tuple[Booking, ...]:
    """What `reverse` would book. Raises what it raises."""
    return monthly.would_take_back(run, FUNDING, booked_entries(run), reason, later_stands=LaterFundingStands)


def booked_entries(run: FundingRun) -> QuerySet[JournalEntry]:
    """The entries that posted it, in the order of their writing."""
    return monthly.booked_entries(f"funding/{run.number}/")


def reverse(run: FundingRun, reason: str, *, by: Actor) -> FundingRun:
    """Mirror every entry of a locked run. Raises ReasonRequired (422), WrongState or LaterFundingStands (409)."""
    monthly.take_back(run, FUNDING, booked_entries(run), reason, later_stands=LaterFundingStands, by=by)
    events.publish("funding.reversed", run.subject, {"number": run.number, "as_of": run.as_of.isoformat()})
    return run
