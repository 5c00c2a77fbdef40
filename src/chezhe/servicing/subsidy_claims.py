"""The treasury's part of a month: which lines qualify, what granting them books, what was granted and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import Money
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.servicing import lives, postings, subsidies
from chezhe.servicing import position as positions
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.position import Position
from chezhe.servicing.states import LOAN

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A line that fell due in the month: of whom, what the treasury pays of it; `is_granted` when that is in the books."""

    loan: Loan
    period: int
    due_on: date
    opening: Money
    amount: Money
    is_granted: bool
    bookings: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Claimed:
    """A month's receivable from the treasury and what has come of it."""

    granted: Money
    paid: Money

    @property
    def left(self) -> Money:
        return self.granted - self.paid


def owner_of(month: date) -> str:
    """What the ledger calls the treasury's debt of a month."""
    return f"subsidy:{month:%Y-%m}"


def month_of(text: str) -> date:
    """The first day of `2026-02`. Raises Invalid (422)."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Invalid(field="month", code="month_invalid", sentence=_("月份须写成 2026-02 的样子。")) from None


def require_begun(month: date, today: date) -> None:
    """Raises Invalid (422) for a month of which nothing can have fallen due."""
    if month > today:
        raise Invalid(field="month", code="month_not_begun", sentence=_("该月还没有到期的期次。"))


def lines_of(month: date, today: date, by: Actor) -> Iterator[ClaimLine]:
    """Every line that fell due in the month by `today` and is, or may be, subsidised, in the order of the loans' numbers.

    The cap of a borrower's year counts what was granted and the lines before in this list.
    """
    chosen = _candidates(month, by)
    used: Counter[tuple[int, int]] = Counter()
    for customer, year, fen in _granted().filter(loan__in=chosen.values("pk")).values_list(
        "loan__customer_id", "facts__year").annotate(fen=Sum("amount")):
        used[customer, int(year)] += fen.fen
    last = ""
    while batch := list(chosen.filter(number__gt=last)[:_AT_ONCE]):
        last = batch[-1].number
        yield from _of_loans(batch, month, today, used)


def _candidates(month: date, by: Actor) -> QuerySet[Loan]:
    following = ledger_queries.next_month(month)
    return Loan.objects.visible_to(by).filter(paid_out_on__lt=following, matures_on__gte=month).select_related(
        "customer", "contract__application", "product_version__product", "branch").order_by("number")


def _granted() -> QuerySet[LoanEvent]:
    return LoanEvent.objects.filter(kind="subsidised", reversal__isnull=True)


def _of_loans(loans: list[Loan], month: date, today: date, used: Counter[tuple[int, int]]) -> Iterator[ClaimLine]:
    eligible = [loan for loan in loans if not subsidies.why_not(loan, month)]
    kept, standing = lives.kept_of(eligible), lives.standing_of(eligible, today)
    amounts = {(loan, int(facts["period"])): amount for loan, facts, amount in _granted().filter(loan__in=eligible).values_list(
        "loan_id", "facts", "amount")}
    for loan in eligible:
        position = standing[loan.pk]
        for held in position.lines[: position.recognised]:
            line = held.line
            if (line.due_date.year, line.due_date.month) != (month.year, month.month):
                continue
            granted = amounts.get((loan.pk, line.period))
            if granted is not None:
                yield ClaimLine(loan, line.period, line.due_date, Money(line.opening_fen), granted, True)
            elif LOAN.allows(loan.status, "subsidise"):
                spent = used[loan.customer_id, line.due_date.year]
                running = lives.position_of(loan, subsidies.last_day_of(line), kept[loan.pk])
                amount = subsidies.amount_of(running, line, Money(spent))
                if amount:
                    used[loan.customer_id, line.due_date.year] += amount.fen
                    yield ClaimLine(loan, line.period, line.due_date, Money(line.opening_fen), amount, False,
                                    _bookings(loan, position, line.period, amount, today))


def _bookings(loan: Loan, position: Position, period: int, amount: Money, today: date) -> tuple[tuple[str, str, int], ...]:
    news = subsidies.news_of(loan, period, position.lines[period - 1].line, amount, today)
    _after, effects = positions.take(position, news.incoming)
    return tuple((t.debit, t.credit, t.fen) for effect in effects for t in postings.for_effect(effect, loan.subject))


def bookings_of(lines: Iterable[ClaimLine]) -> list[tuple[str, str, Money]]:
    """What granting the lines books, added up by debited and credited account."""
    sums: Counter[tuple[str, str]] = Counter()
    for line in lines:
        for debit, credit, fen in line.bookings:
            sums[debit, credit] += fen
    return [(debit, credit, Money(fen)) for (debit, credit), fen in sorted(sums.items())]


def claimed(month: date) -> Claimed:
    """What stands in the books for a month."""
    granted = _granted().filter(facts__month=f"{month:%Y-%m}").aggregate(fen=Sum("amount"))["fen"] or Money(0)
    paid = ledger_queries.balance(chart.SUBSIDY_RECEIVABLE, owner=owner_of(month))
    return Claimed(granted, Money(-paid.fen))

