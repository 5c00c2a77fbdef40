"""Loans whose day the columns do not tell whole, one by one: a failure of one is written down and stops nobody else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date

from django.db.models import QuerySet

from chezhe.kernel import appending, clock
from chezhe.kernel.actor import SYSTEM
from chezhe.servicing import lives, steps
from chezhe.servicing.models import EndOfDay, EndOfDayFailure, Loan
from chezhe.servicing.position import Position
from chezhe.servicing.states import RUNNING
from chezhe.servicing.turns import Turns


def hold(chosen: QuerySet[Loan], to: date, *, is_patient: bool) -> list[int]:
    """The ids of the chosen loans that still wait for the morning of `to`, held in their order until the transaction ends. Who
    `is_patient` waits for those that somebody holds; else they are left out."""
    rows = chosen.filter(status__in=RUNNING, next_event_on__lte=to).order_by("pk")
    return list(rows.select_for_update(no_key=True, skip_locked=not is_patient).values_list("pk", flat=True))


def bring(run: EndOfDay, loan_ids: Iterable[int], to: date) -> tuple[int, Counter[str]]:
    """Bring each held loan to the morning of `to` as a payment would; returns how many got there, and how many news there
    are of them by kind."""
    chosen = list(loan_ids)
    if not chosen:
        return 0, Counter()
    loans = list(Loan.objects.filter(pk__in=chosen).select_related("product_version", "contract").order_by("pk"))
    recalled = lives.recall(loans)
    there = [told for told in (_bring(run, loan, to, recalled) for loan in loans) if told is not None]
    return len(there), sum(there, Counter())


def _bring(run: EndOfDay, loan: Loan, to: date, recalled: Callable[[Loan, date | None], Position]) -> Counter[str] | None:
    try:
        with appending.part():
            turned = Turns()
            steps.bring_up_to(loan, to, by=SYSTEM, before=recalled(loan, None), turned=turned)
            steps.finish_if_over(loan, by=SYSTEM)
            told = turned.tell(loan.subject)
    except Exception as fault:
        facts = {"code": getattr(fault, "code", type(fault).__name__)[:60], "reason": str(fault)[:500], "failed_at": clock.now()}
        EndOfDayFailure.objects.update_or_create(run=run, loan=loan, defaults={**facts, "mended_at": None})
        return None
    EndOfDayFailure.objects.filter(run=run, loan=loan, mended_at=None).update(mended_at=clock.now())
    return told
