"""What became of loans, told to the risk room: what its models learn from and are judged by."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from chezhe.finmath.days import month_step
from chezhe.kernel import clock
from chezhe.risk.profiles.behaviour import BAD_DAYS
from chezhe.risk.relations import steps as relations
from chezhe.servicing.models import Loan

# A loan is bad that went `BAD_DAYS` late within so many months of its payout; good is one of which that time has passed, or that was
# paid off.
MONTHS: Final = 12
# Days whose news was lost are caught up by the closes that follow.
CATCH_UP: Final = timedelta(days=7)


def report(day: date) -> int:
    """Tell what the evening of a day shows; telling it twice changes nothing. Returns how many outcomes were new.

    Loans of another lender's books have no application: nobody here decided them. One whose payout was undone never was.
    """
    limit = day - timedelta(days=BAD_DAYS)
    since = month_step(day, -MONTHS, day.day)
    rows = Loan.objects.filter(contract__application__isnull=False).exclude(status="undone")
    rows = rows.select_related("contract__application").order_by("pk")
    late = rows.filter(oldest_due_on__lte=limit, oldest_due_on__gt=limit - CATCH_UP, paid_out_on__gte=since)
    grown = rows.filter(Q(paid_out_on__lte=since, paid_out_on__gt=since - CATCH_UP) | Q(settled_on__lte=day, settled_on__gt=day - CATCH_UP))
    return _tell(late, "bad", day) + _tell(grown.exclude(oldest_due_on__lte=limit), "good", day)


def retract(loan: Loan, day: date) -> bool:
    """Take back that a loan ran well when what paid it off is reversed before its year is over; whether it had been told."""
    if loan.settled_on is not None or loan.paid_out_on <= month_step(day, -MONTHS, day.day):
        return False
    return relations.retract_outcome("good", loan.subject, on=day, known_at=clock.now())


def _tell(loans: QuerySet[Loan], kind: str, day: date) -> int:
    named = [(loan.contract.application.subject, loan.subject) for loan in loans if loan.contract.application is not None]
    told = relations.told_of(kind, [reference for _subject, reference in named])
    return sum(
        relations.record_outcome(subject, kind, on=day, known_at=clock.now(), reference=reference)
        for subject, reference in named if reference not in told
    )
