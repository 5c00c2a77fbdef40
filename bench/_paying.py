"""Borrowers who pay while a day is closed: what that takes before its shards are begun and beside them, the same payments.

Half of them have loans with an event that night, so that their payment brings the loan along first, half have loans without one.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from threading import Thread
from time import perf_counter, sleep
from typing import Any

from bench import _own, _report, _workers

PAYERS, LOANS, QUIET_SECONDS, PAUSE_SECONDS, AMOUNT_FEN = 4, 5_000, 3, 0.01, 100
PATIENCE_SECONDS = 600


@dataclass
class Taken:
    """Seconds of every payment that went through, by what its loan has that night, and how many were refused as busy."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: {"with event": [], "without event": []})
    busy: int = 0

    @property
    def count(self) -> int:
        """Those that went through, with the first one of the process."""
        return 1 + sum(map(len, self.seconds.values()))

    @property
    def told(self) -> dict[str, Any]:
        """In milliseconds."""
        return {"busy": self.busy, **{kind: _told(seconds) for kind, seconds in self.seconds.items()}}


def _told(seconds: list[float]) -> dict[str, float]:
    p50, p99 = (round(_report.percentile(seconds, share) * 1000, 1) for share in (0.50, 0.99))
    return {"payments": len(seconds), "p50_ms": p50, "p99_ms": p99, "max_ms": round(max(seconds, default=0.0) * 1000, 1)}


def measure(day: date, workers: int) -> dict[str, Any]:
    """Closes `day`, whose morning it is; returns what payments took before the shards and beside them, and what was wrong."""
    from chezhe.kernel import jobs
    from chezhe.kernel.actor import SYSTEM
    from chezhe.servicing.actions.begin_end_of_day import begin_end_of_day
    from chezhe.servicing.actions.close_shard import close_shard
    from chezhe.servicing.actions.finish_end_of_day import finish_end_of_day
    from chezhe.servicing.endofday import runs
    from chezhe.servicing.models import LoanEvent

    _own.let_loans_stand_without_papers()
    with _workers.ready(day, workers) as closing, jobs.in_line():
        run = begin_end_of_day(until=day, calendar_day=day, by=SYSTEM)
        known, (alone, beside) = len(run.shards), _chosen(day + timedelta(days=1))
        with _payers(alone, "before") as before:
            sleep(QUIET_SECONDS)
        with _payers(beside, "beside") as during:
            begun = perf_counter()
            closing(known)
            run.refresh_from_db()
            for shard in runs.missing(run):
                close_shard(day=day, shard=shard, by=SYSTEM)
            run = finish_end_of_day(day=day, by=SYSTEM)
            seconds = perf_counter() - begun
    paid, stand = before[0].count + during[0].count, LoanEvent.objects.filter(kind="repaid").count()
    return {
        "before": before[0].told, "beside": during[0].told, "close_s": round(seconds, 3), "shards": known,
        "put_off": len(run.shards) - known,
        "failures": [*([] if run.status == "closed" else ["the day on which people paid is not closed"]),
                     *([] if paid == stand else [f"{paid} payments went through, {stand} stand in the books"])],
    }


def words(found: dict[str, Any]) -> str:
    """For people."""
    lines = [f"  paying meanwhile: {found['shards']} shards closed in {found['close_s']} s, {found['put_off']} for loans in other hands"]
    for when in ("before", "beside"):
        for kind in ("with event", "without event"):
            said = found[when][kind]
            lines.append(f"    {when:7}{kind:14}{said['payments']:6} payments, p50 {said['p50_ms']} ms, p99 {said['p99_ms']} ms, "
                         f"max {said['max_ms']} ms; {found[when]['busy']} busy")
    return "\n".join(lines)


def _chosen(to: date) -> list[dict[str, list[str]]]:
    """Twice as many loans of each kind, strewn over the whole book: with and without an event by the morning of `to`."""
    from django.db.models import F
    from django.db.models.functions import Mod

    from chezhe.servicing.models import Loan

    strewn = Loan.objects.filter(status="active").order_by(Mod(F("pk") * 7919, 1_000_003)).values_list("number", flat=True)
    kinds = {"with event": strewn.filter(next_event_on__lte=to), "without event": strewn.filter(next_event_on__gt=to)}
    found = {kind: list(rows[: 2 * LOANS]) for kind, rows in kinds.items()}
    return [{kind: numbers[half::2] for kind, numbers in found.items()} for half in (0, 1)]


@contextmanager
def _payers(loans: dict[str, list[str]], name: str) -> Iterator[list[Taken]]:
    """Inside, they pay in a process of their own, each a loan after the other and none twice; the list has its one element at the end."""
    context = multiprocessing.get_context("spawn")
    ready, stop, answer = context.Event(), context.Event(), context.SimpleQueue()
    child = context.Process(target=_process, args=(loans, name, ready, stop, answer), daemon=True)
    child.start()
    assert ready.wait(PATIENCE_SECONDS)
    found: list[Taken] = []
    try:
        yield found
    finally:
        stop.set()
        found.append(answer.get())
        child.join(PATIENCE_SECONDS)


def _process(loans: dict[str, list[str]], name: str, ready: Any, stop: Any, answer: Any) -> None:
    import django

    django.setup()
    taken, parts = Taken(), [(kind, numbers[at :: PAYERS // 2]) for kind, numbers in loans.items() for at in range(PAYERS // 2)]
    _pay(parts[-1][1].pop(), f"{name}-first", [])  # what is asked for the first time takes longer
    threads = [Thread(target=_borrower, args=(kind, mine, f"{name}-{at}", stop, taken)) for at, (kind, mine) in enumerate(parts)]
    for thread in threads:
        thread.start()
    ready.set()
    for thread in threads:
        thread.join()
    answer.put(taken)


def _borrower(kind: str, numbers: list[str], name: str, stop: Any, taken: Taken) -> None:
    from django.db import connection

    from chezhe.kernel.errors import Busy

    for number in numbers:
        if stop.is_set():
            break
        try:
            _pay(number, f"{name}-{number}", taken.seconds[kind])
        except Busy:
            taken.busy += 1
        sleep(PAUSE_SECONDS)
    connection.close()


def _pay(number: str, reference: str, seconds: list[float]) -> None:
    from chezhe.finmath.money import Money
    from chezhe.kernel import business_date
    from chezhe.kernel.actor import SYSTEM
    from chezhe.servicing.actions.record_repayment import record_repayment
    from chezhe.servicing.receipts import CounterReceipt

    receipt = CounterReceipt(amount=Money(AMOUNT_FEN), paid_on=business_date.current(), channel="bank", reference=reference)
    begun = perf_counter()
    record_repayment(loan_number=number, receipt=receipt, by=SYSTEM)
    seconds.append(perf_counter() - begun)
