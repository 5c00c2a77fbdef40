"""How a book of loans aged over the last days, as the books stood on each of them; no snapshot is needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce

from chezhe.kernel.actor import Actor
from chezhe.servicing import lives
from chezhe.servicing.models import MONEY_KINDS, Loan, LoanEvent

Span = tuple[date, date]
_BEGAN = Coalesce("taken_over_on", "paid_out_on")


@dataclass(frozen=True, slots=True)
class DayOfBook:
    """The evening of a day: how many loans ran, and how many of them had an instalment unpaid from an earlier day."""

    on: date
    running: int
    overdue: int


def overdue_by_day(actor: Actor, to: date, days: int = 30) -> list[DayOfBook]:
    """The last `days` days up to `to` of the loans in the actor's reach. Money counts from the day it was posted."""
    wanted = [to - timedelta(days=back) for back in range(days - 1, -1, -1)]
    begun = Loan.objects.visible_to(actor).annotate(began=_BEGAN).filter(began__lte=to)
    loans = begun.filter(Q(settled_on__isnull=True) | Q(settled_on__gt=wanted[0]))
    lived = list(loans.values_list("pk", "began", "settled_on", "oldest_due_on"))
    late = _late_spans(lived, wanted)
    return [_evening(on, lived, late) for on in wanted]


def _evening(on: date, lived: list[Any], late: Mapping[int, list[Span]]) -> DayOfBook:
    running = [pk for pk, paid_out_on, settled_on, _oldest in lived if paid_out_on <= on and (settled_on is None or settled_on > on)]
    return DayOfBook(on, len(running), sum(any(due_on < on < paid_on for due_on, paid_on in late.get(pk, ())) for pk in running))


def _late_spans(lived: Iterable[Any], wanted: list[date]) -> dict[int, list[Span]]:
    """For each loan the spans (due, paid) in which an instalment stood unpaid: those still open, and those that ended since."""
    spans: dict[int, list[Span]] = {pk: [(oldest, date.max)] for pk, _paid_out, _settled, oldest in lived if oldest is not None}
    events = LoanEvent.objects.filter(loan_id__in=[life[0] for life in lived], kind__in=MONEY_KINDS, posted_on__gt=wanted[0])
    for pk, kind, posted_on, facts in events.values_list("loan_id", "kind", "posted_on", "facts"):
        spans.setdefault(pk, []).extend(_ended(facts, posted_on))
        if kind == "settled" and facts.get("settlement", {}).get("penalty_fen"):
            spans[pk].extend(_before_settlement(pk, [on for on in wanted if on < posted_on]))
    return spans


def _ended(facts: Mapping[str, Any], posted_on: date) -> list[Span]:
    """What a receipt paid late; penalties and charges alone do not age a loan."""
    lines = [part for part in facts.get("paid", ()) if part["period"] > 0]
    parts = [part for part in lines if any(part.get(f"{item}_fen") for item in ("principal", "interest", "fee"))]
    return [(due_on, posted_on) for part in parts if (due_on := date.fromisoformat(part["due_date"])) < posted_on]


def _before_settlement(loan_id: int, days: list[date]) -> list[Span]:
    """A settlement names no instalments: whether the loan was late before it is asked of its fold, day by day."""
    loan = Loan.objects.select_related("product_version").get(pk=loan_id)
    late = [on for on in days if on >= loan.begun_on and lives.position_of(loan, on).dpd > 0]
    return [(on - timedelta(days=1), on + timedelta(days=1)) for on in late]
