"""Tells the risk room how customers pay: whose loans something happened to is noted during the day, and told after its close.

Nothing of it runs inside the close. What happened is noted by the news of the loans; the close of the day has the worker add those who
grow older without any news, and once a month everybody. Each job tells some hundred customers, in a handful of statements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Sum

from chezhe.customers.models import Customer
from chezhe.kernel import clock, jobs
from chezhe.risk.profiles import behaviour as features
from chezhe.risk.profiles import steps as profiles
from chezhe.risk.profiles.behaviour import QUARTER, LoanRecord
from chezhe.risk.relations import steps as relations
from chezhe.servicing import behaviour, lives
from chezhe.servicing.debits.models import LoanDebit
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.states import RUNNING

CHUNK: Final = 500
JOB: Final = "servicing.tell_behaviour"
# A loan grows older every night. It is told on these days of its arrears, not on each: between them the age of the figure says so.
LATE_MARKS: Final = (1, 5, 10, 15, 20, 25, 30, 31, 45, 60, 75, 90, 91)


@dataclass(frozen=True, slots=True)
class Told:
    """How many customers were looked at, and how many facts were new."""

    customers: int
    facts: int


def note(numbers: Iterable[str]) -> None:
    """Something happened to these loans: how their borrowers pay is told again after the close."""
    profiles.ask(Loan.objects.filter(number__in=list(numbers)).values_list("customer_id", flat=True))


def note_by_calendar(day: date) -> None:
    """`day` is closed: note whom its night made so late that it is told, and on the last of a month everybody with a running loan."""
    on, running = day + timedelta(days=1), Loan.objects.filter(status__in=RUNNING)
    if on.day != 1:
        running = running.filter(oldest_due_on__in=[on - timedelta(days=days) for days in LATE_MARKS])
    profiles.ask(running.values_list("customer_id", flat=True).distinct().iterator(chunk_size=10_000))


def tell_some(on: date) -> Told:
    """Tell behaviour, history and outcomes of some of the customers noted, as they stand on the business date `on`."""
    customers = profiles.take(CHUNK)
    mine = Loan.objects.filter(customer__in=customers).exclude(status="undone")
    loans = list(mine.select_related("product_version").order_by("pk"))
    records, outcomes = _records(loans, on)
    told: dict[Customer, Mapping[str, Any]] = {}
    for customer in customers:
        own = records.get(customer.pk, [])
        told[customer] = {**features.features(own, on), **features.history(own, on)}
    relations.record_outcomes(_named(outcomes, customers), clock.now())
    return Told(len(customers), profiles.tell(told))


def ask_next(told: Told) -> None:
    """More may wait."""
    if told.customers == CHUNK:
        jobs.enqueue(JOB)


def _records(loans: Sequence[Loan], on: date) -> tuple[dict[int, list[LoanRecord]], list[tuple[Loan, str, date]]]:
    """By customer what their loans tell, and what became of the loans."""
    standing, prepaid, failed = lives.standing_of(loans, on), _prepaid(loans), _failed(loans, on)
    records: defaultdict[int, list[LoanRecord]] = defaultdict(list)
    outcomes = []
    for loan in loans:
        position = standing[loan.pk]
        record = behaviour.record_of(
            position, begun_on=loan.paid_out_on, principal_fen=loan.principal.fen, prepaid_fen=prepaid.get(loan.pk, 0),
            failed_debits=failed.get(loan.pk, ()),
        )
        records[loan.customer_id].append(record)
        if (found := behaviour.outcome_of(record, position)) is not None:
            outcomes.append((loan, *found))
    return records, outcomes


def _named(outcomes: Iterable[tuple[Loan, str, date]], customers: Sequence[Customer]) -> list[tuple[str, str, date, str]]:
    subjects = {customer.pk: customer.subject for customer in customers}
    return [(subjects[loan.customer_id], kind, on, loan.subject) for loan, kind, on in outcomes]


def _prepaid(loans: Sequence[Loan]) -> dict[int, int]:
    """Fen paid ahead of the plan, by loan."""
    rows = LoanEvent.objects.filter(loan__in=loans, kind="prepaid", reversal__isnull=True).values_list("loan_id")
    return {loan_id: total.fen for loan_id, total in rows.annotate(total=Sum("amount")).order_by("loan_id")}


def _failed(loans: Sequence[Loan], on: date) -> dict[int, list[date]]:
    """The days of debits in vain of the last quarter, by loan."""
    rows = LoanDebit.objects.filter(loan__in=loans, status="failed", day__gt=on - timedelta(days=QUARTER), day__lte=on)
    found: defaultdict[int, list[date]] = defaultdict(list)
    for loan_id, day in rows.values_list("loan_id", "day"):
        found[loan_id].append(day)
    return found
