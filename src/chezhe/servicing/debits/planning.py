"""The plan of a day: whom to debit, at which hours. A few statements, however many loans are due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, Exists, F, OuterRef, Q

from chezhe.finmath.money import Money
from chezhe.kernel import clock, jobs
from chezhe.kernel.actor import Actor
from chezhe.servicing.debits import calendars, rules
from chezhe.servicing.debits.models import MANUAL_FROM, LoanDebit, number_of
from chezhe.servicing.debits.states import TRIED
from chezhe.servicing.models import Loan, Schedule

BATCH = 2000


@dataclass(frozen=True, slots=True)
class DueLoan:
    """A loan with something unpaid whose borrower has signed a mandate that runs."""

    pk: int
    number: str
    product: str
    mandate_id: int
    oldest_due_on: date
    falls_due: bool
    amount: Money


def plan(day: date, *, by: Actor) -> int:
    """Write the tries of `day`, once: whatever is repeated, a loan has one row a turn. Returns how many there are.

    A day that the calendar has left behind (the books catch up) is planned no more; what earlier days left is missed.
    """
    _give_up_before(day)
    if day < clock.today():
        return 0
    due = list(due_loans(day))
    known = calendars.of_all({loan.product for loan in due}, day)
    tried = tries_of_due_dates()
    now_hour = clock.now().astimezone(clock.SHANGHAI).hour if day == clock.today() else None
    rows = [row for loan in due for row in _rows(loan, day, known[loan.product], tried[loan.pk], now_hour, by)]
    LoanDebit.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    for moment in sorted({row.due_at for row in rows}):
        jobs.enqueue("servicing.order_debits", after=0, after_seconds=max(0, int((moment - clock.now()).total_seconds())))
    return len(rows)


def _give_up_before(day: date) -> None:
    missed = LoanDebit.objects.filter(status="planned", day__lt=day)
    missed.update(status="skipped", reason_code="MISSED", finished_at=clock.now())


def due_loans(day: date) -> Iterator[DueLoan]:
    """Active loans that owe something on the morning of `day`; one statement."""
    falls = Exists(Schedule.objects.filter(loan=OuterRef("pk"), due_dates__contains=[day]))
    rows = Loan.objects.filter(status="active", oldest_due_on__lte=day, customer__mandates__status="active").annotate(falls=falls)
    for pk, number, product, mandate, oldest, falls_due, *sums in rows.values_list(
        "pk", "number", "product_version__product__code", "customer__mandates__pk", "oldest_due_on", "falls",
        "principal_due", "interest_due", "fee_due",
    ):
        yield DueLoan(pk, number, product, mandate, oldest, falls_due, Money(sum(fen.fen for fen in sums)))


def tries_of_due_dates() -> Counter[int]:
    """By loan: how often the calendar has tried since the oldest unpaid instalment fell due; one statement."""
    tried = LoanDebit.objects.filter(Q(loan__status="active"), status__in=TRIED, day__gte=F("loan__oldest_due_on"), turn__lt=MANUAL_FROM)
    return Counter(dict(tried.order_by().values_list("loan").annotate(Count("pk"))))


def _rows(
    loan: DueLoan, day: date, calendar: rules.Calendar, tried: int, now_hour: int | None, by: Actor
) -> Iterator[LoanDebit]:
    hours = rules.hours_on(calendar, days_late=(day - loan.oldest_due_on).days, falls_due=loan.falls_due, tried=tried)
    for turn, hour in rules.slots(hours, now_hour):
        yield LoanDebit(
            number=number_of(loan.number, day, turn), loan_id=loan.pk, mandate_id=loan.mandate_id, day=day, turn=turn,
            due_at=datetime.combine(day, time(hour), clock.SHANGHAI), amount=loan.amount, asked_by_name=by.name,
        )
