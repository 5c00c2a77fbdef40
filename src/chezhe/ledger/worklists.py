"""What of the books waits for the accountants."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db.models import Min
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chezhe.kernel import business_date, clock, worklist
from chezhe.kernel.actor import Actor
from chezhe.kernel.worklist import Pile, Waiting
from chezhe.ledger import permissions, queries
from chezhe.ledger.models import JournalEntry, Period
from chezhe.ledger.states import CLOSED


def register() -> None:
    """Called once at start-up."""
    worklist.register(Pile(
        "ledger.months", _("待关账的月份"), "ledger:periods", permissions.CLOSE_PERIOD.code, _count, _first, icon="lock", order=45,
        verb=_("关账"),
    ))


def months_over(on: date) -> list[date]:
    """Months that are over on a day, hold entries or lie between such, and are not closed; the oldest first."""
    first = JournalEntry.objects.aggregate(first=Min("posted_on"))["first"]
    closed = set(Period.objects.filter(status=CLOSED).values_list("month", flat=True))
    month, found = first.replace(day=1) if first else on, []
    while queries.next_month(month) <= on:
        found += [month] if month not in closed else []
        month = queries.next_month(month)
    return found


def _count(actor: Actor) -> int:
    return len(months_over(business_date.current()))


def _first(actor: Actor, most: int) -> list[Waiting]:
    return [
        Waiting(f"{month:%Y-%m}", reverse("ledger:periods"), since_at=datetime.combine(queries.next_month(month), time(), clock.SHANGHAI))
        for month in months_over(business_date.current())[:most]
    ]
