"""How the first instalments of a dealer's loans are paid, told to the risk room after a day's close.

The rate is first instalments that were a week late or more ÷ loans whose first due date has passed by a week (FPD7, DOMAIN.md §6), of the
first due dates of one year: a good past does not hide a bad present. A dealer none of whose loans has come so far has no rate.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.db.models import QuerySet

from chezhe.finmath.days import month_step
from chezhe.kernel import clock
from chezhe.risk.facts import steps as facts
from chezhe.servicing import behaviour, lives
from chezhe.servicing.models import Loan, Schedule

CODE: Final = "dealer_first_payment_default_rate"
LATE_DAYS: Final = 7
MONTHS: Final = 12
# Between a payout and its first due date there is no more than this.
FIRST_WITHIN: Final = timedelta(days=100)
# Days whose news was lost are caught up by the closes that follow.
CATCH_UP: Final = timedelta(days=7)
_STEP: Final = Decimal("0.000001")


def to_tell(day: date) -> list[str]:
    """The dealers (`dealer:D26-…`) of whom the close of a day shows something new; on the last day of a month all who have a rate, so that
    it does not grow stale."""
    newest = day - timedelta(days=LATE_DAYS)
    since = _window(day) if (day + timedelta(days=1)).day == 1 else newest - CATCH_UP
    return sorted(set(_first_due(since, newest).values_list("loan__contract__application__dealer__number", flat=True)))


def tell(day: date) -> int:
    """Tell the rate of these dealers as the evening of `day` shows it; returns how many. Of one at a time, so that a large dealer's year
    is all that is held."""
    on, told = day + timedelta(days=1), {}
    for number in to_tell(day):
        found = rate(number, on)
        if found is not None:
            told[f"dealer:{number}"] = {CODE: found}
    facts.record_many(told, source="ledger", known_at=clock.now())
    return len(told)


def rate(dealer_number: str, on: date) -> Decimal | None:
    """The rate of one dealer as known on the morning of `on`, to six decimals; None while no loan has come so far."""
    due = dict(
        _first_due(_window(on - timedelta(days=1)), on - timedelta(days=LATE_DAYS + 1))
        .filter(loan__contract__application__dealer__number=dealer_number).values_list("loan_id", "due_dates__0")
    )
    if not due:
        return None
    loans = list(Loan.objects.filter(pk__in=due).select_related("product_version").order_by("pk"))
    late = sum(1 for loan, days in _late_days(loans, on).items() if days >= LATE_DAYS)
    return (Decimal(late) / len(loans)).quantize(_STEP, ROUND_HALF_UP)


def _late_days(loans: Iterable[Loan], on: date) -> dict[int, int]:
    """By loan how many days late its first instalment was paid, or is unpaid; one that was paid off before is not late."""
    chosen, found = list(loans), defaultdict(int)
    for key, position in lives.standing_of(chosen, on).items():
        first = behaviour.record_of(position, begun_on=position.as_of, principal_fen=0).instalments[:1]
        found[key] = first[0].late_days(on) if first else 0
    return found


def _window(day: date) -> date:
    newest = day - timedelta(days=LATE_DAYS)
    return month_step(newest, -MONTHS, newest.day)


def _first_due(after: date, until: date) -> QuerySet[Schedule]:
    """The first plans of dealers' loans whose first instalment is due after a day and no later than another."""
    return Schedule.objects.filter(
        version=1, due_dates__0__gt=after, due_dates__0__lte=until, loan__paid_out_on__gt=after - FIRST_WITHIN,
        loan__paid_out_on__lte=until, loan__contract__application__dealer__isnull=False,
    ).exclude(loan__status="undone")
