"""The day's debits as the centre shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet, Sum

from chezhe.finmath.money import Money
from chezhe.kernel.actor import Actor
from chezhe.payments.debits import queries as payment_queries
from chezhe.servicing.debits.models import UNBOOKED, LoanDebit

SILENT_AFTER = timedelta(hours=2)
REASON_DAYS = 30


@dataclass(frozen=True, slots=True)
class Tally:
    """How many tries, and how much."""

    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Today:
    """The tries of a day by status; of those that brought money, what they brought."""

    by_status: Mapping[str, Tally]
    collected: Money

    def of(self, *statuses: str) -> Tally:
        found = [self.by_status[status] for status in statuses if status in self.by_status]
        return Tally(sum(one.count for one in found), Money(sum(one.amount.fen for one in found)))

    @property
    def all(self) -> Tally:
        return self.of(*self.by_status)


def today_of(actor: Actor, day: date) -> Today:
    """One statement."""
    rows = LoanDebit.objects.visible_to(actor).filter(day=day).order_by().values("status")
    by_status: dict[str, Tally] = {}
    collected = 0
    for row in rows.annotate(tries=Count("pk"), fen=Sum("amount"), taken=Sum("collected")):
        by_status[row["status"]] = Tally(row["tries"], Money(payment_queries.fen_of(row["fen"])))
        collected += payment_queries.fen_of(row["taken"])
    return Today(by_status, Money(collected))


def failures_of(actor: Actor, until: date) -> list[tuple[str, int, Money]]:
    """Failed and partly collected tries of the last thirty days by reason, the most frequent first: count, and what is missing."""
    rows = LoanDebit.objects.visible_to(actor).filter(status__in=["failed", "partly", "returned"], day__lte=until,
                                                      day__gt=until - timedelta(days=REASON_DAYS))
    found = rows.order_by().values("reason_code").annotate(tries=Count("pk"), fen=Sum("amount"), taken=Sum("collected"))
    said = [
        (row["reason_code"], row["tries"], Money(payment_queries.fen_of(row["fen"]) - payment_queries.fen_of(row["taken"])))
        for row in found
    ]
    return sorted(said, key=lambda one: (-one[1], one[0]))


def stuck(actor: Actor, now: datetime) -> QuerySet[LoanDebit]:
    """Tries that somebody should look at: the channel has not answered for long, or what it collected is on no loan."""
    return LoanDebit.objects.visible_to(actor).filter(is_stuck(now))


def is_stuck(now: datetime) -> Q:
    return Q(status="ordered", ordered_at__lt=now - SILENT_AFTER) | UNBOOKED
