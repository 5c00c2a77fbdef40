"""Clerks who all register payments at once: by the action in processes of their own, or by the API over HTTP.

As many processes as there are processors, each with threads, as the web server has them.
"""

from __future__ import annotations

import http.client
import json
import multiprocessing
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from threading import Thread
from time import monotonic, perf_counter
from typing import Any
from urllib.parse import urlsplit

PATIENCE_SECONDS = 120
AMOUNT_FEN = 10_000


@dataclass(frozen=True, slots=True)
class Task:
    """What one clerk does: pay on these loans in turn, until the time is over or the number is reached."""

    name: str
    loans: tuple[str, ...]
    paid_on: date
    seconds: float
    most: int

    def references(self) -> list[tuple[str, str]]:
        """Loan and slip number of every payment to come."""
        return [(self.loans[at % len(self.loans)], f"{self.name}-{at}") for at in range(self.most)]


@dataclass(slots=True)
class Outcome:
    """Seconds of every payment that went through, failures by code, and how long the whole took."""

    seconds: list[float] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)
    took: float = 0.0


def by_action(tasks: list[Task], username: str, *, is_plain: bool = False) -> Outcome:
    """Every task by a thread of its own with the real action (or its plain rival); all begin together."""
    context = multiprocessing.get_context("spawn")
    count = min(len(tasks), os.cpu_count() or 1)
    start, answers = context.Barrier(len(tasks)), context.SimpleQueue()
    shares = [tasks[at::count] for at in range(count)]
    children = [context.Process(target=_process, args=(share, username, is_plain, start, answers), daemon=True) for share in shares]
    for child in children:
        child.start()
    found = [answers.get() for _ in children]
    for child in children:
        child.join(PATIENCE_SECONDS)
    return _together([one for share in found for one in share])


def by_api(tasks: list[Task], address: str, token: str) -> Outcome:
    """Every task by a thread of its own over a kept connection."""
    start = multiprocessing.get_context("spawn").Barrier(len(tasks))
    return _together(_threads(tasks, start, lambda: _Caller(address, token)))


def _process(tasks: list[Task], username: str, is_plain: bool, start: Any, answers: Any) -> None:
    """A process with Django of its own; the environment says which database."""
    import django

    django.setup()
    from chezhe.kernel import clock
    from chezhe.staff import steps
    from chezhe.staff.models import User

    by = steps.actor_for(User.objects.get(username=username), clock.now(), stepped_up_at=clock.now())
    answers.put(_threads(tasks, start, lambda: _Registrar(by, is_plain)))


def _threads(tasks: list[Task], start: Any, make: Callable[[], Any]) -> list[tuple[Outcome, float, float]]:
    found: list[tuple[Outcome, float, float]] = []
    threads = [Thread(target=_carry_out, args=(task, start, make(), found)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _carry_out(task: Task, start: Any, clerk: Any, found: list[tuple[Outcome, float, float]]) -> None:
    """One clerk's work; `monotonic` is the same clock in every process of the machine."""
    outcome = Outcome()
    clerk.prepare()
    start.wait(PATIENCE_SECONDS)
    begun = monotonic()
    for loan, reference in islice(task.references(), task.most):
        if monotonic() - begun >= task.seconds:
            break
        at = perf_counter()
        failure = clerk.pay(loan, reference, task.paid_on)
        if failure:
            outcome.failures[failure] += 1
        else:
            outcome.seconds.append(perf_counter() - at)
    found.append((outcome, begun, monotonic()))
    clerk.close()


def _together(found: list[tuple[Outcome, float, float]]) -> Outcome:
    total = Outcome(took=max(end for *_, end in found) - min(begun for _, begun, _ in found))
    for outcome, *_ in found:
        total.seconds += outcome.seconds
        total.failures += outcome.failures
    return total


@dataclass(slots=True)
class _Registrar:
    """Calls the action; `pay` answers with the code of what went wrong, or nothing."""

    by: Any
    is_plain: bool = False

    def prepare(self) -> None:
        from django.db import connection

        connection.ensure_connection()

    def pay(self, loan: str, reference: str, paid_on: date) -> str:
        from django.db import Error

        from bench import _plain
        from chezhe.finmath.money import Money
        from chezhe.kernel.errors import BusinessError
        from chezhe.servicing.actions.record_repayment import record_repayment
        from chezhe.servicing.receipts import CounterReceipt

        receipt = CounterReceipt(amount=Money(AMOUNT_FEN), paid_on=paid_on, channel="bank", reference=reference)
        try:
            if self.is_plain:
                _plain.repay(loan, receipt.amount, paid_on, receipt.money.reference, self.by)
                return ""
            record_repayment(loan_number=loan, receipt=receipt, by=self.by)
        except BusinessError as refusal:
            return refusal.code
        except Error as failure:
            return str(getattr(failure.__cause__, "sqlstate", None) or type(failure).__name__)
        return ""

    def close(self) -> None:
        from django.db import connection

        connection.close()


@dataclass(slots=True)
class _Caller:
    """POSTs to the API with a key of its own for each payment."""

    address: str
    token: str
    line: http.client.HTTPConnection = field(init=False)

    def prepare(self) -> None:
        parts = urlsplit(self.address)
        self.line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        self.line.connect()

    def pay(self, loan: str, reference: str, paid_on: date) -> str:
        amount = f"{AMOUNT_FEN // 100}.{AMOUNT_FEN % 100:02d}"
        body = {"amount": amount, "channel": "bank", "reference": reference, "paid_on": paid_on.isoformat()}
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": reference, "Content-Type": "application/json"}
        try:
            self.line.request("POST", f"/api/v1/servicing/loans/{loan}/repayments", json.dumps(body), headers)
            answer = self.line.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as failure:
            self.line.close()
            return type(failure).__name__
        return "" if answer.status == 201 else f"HTTP {answer.status}"

    def close(self) -> None:
        self.line.close()
