"""Loans whose day the columns do not tell whole, one by one: a failure of one is written down and stops nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from chezhe.kernel import appending, clock
from chezhe.kernel.actor import SYSTEM
from chezhe.servicing import lives, steps
from chezhe.servicing.models import EndOfDay, EndOfDayFailure, Loan
from chezhe.servicing.position import Position


def bring(run: EndOfDay, loan_ids: Iterable[int], to: date) -> int:
    """Bring each locked loan to the morning of `to` as a payment would; returns how many got there."""
    chosen = list(loan_ids)
    if not chosen:
        return 0
    loans = list(Loan.objects.filter(pk__in=chosen).select_related("product_version", "contract").order_by("pk"))
    recalled = lives.recall(loans)
    return sum(_bring(run, loan, to, recalled) for loan in loans)


def _bring(run: EndOfDay, loan: Loan, to: date, recalled: Callable[[Loan, date | None], Position]) -> bool:
    try:
        with appending.part():
            steps.bring_up_to(loan, to, by=SYSTEM, before=recalled(loan, None))
            steps.finish_if_over(loan, by=SYSTEM)
    except Exception as fault:
        facts = {"code": getattr(fault, "code", type(fault).__name__)[:60], "reason": str(fault)[:500], "failed_at": clock.now()}
        EndOfDayFailure.objects.update_or_create(run=run, loan=loan, defaults={**facts, "mended_at": None})
        return False
    EndOfDayFailure.objects.filter(run=run, loan=loan, mended_at=None).update(mended_at=clock.now())
    return True
