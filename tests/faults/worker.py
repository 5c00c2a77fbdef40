"""A worker that can be killed: this program stays, and forks a child for every task, which works on a database of its own.

Standard input: `prepare LOANS`, `close NAME`, `begin NAME`, `pay NAME FILE`, `take NAME`, `file NAME FILE`, `settle NAME FILE`,
`prove NAME FILE`, `announce NAME FILE` or `deliver NAME`. Standard output: the child's pid, and `ended` or `cut short` when it is gone.
"""

from __future__ import annotations

import io
import os
import sys
from datetime import datetime, time, timedelta

from tests.faults import desk, news

TODAY, SHARD, SHARD_LOANS, PAID = desk.TODAY, 60, 65_536, 40


def prepare(loans: int) -> None:
    """A book of loans without papers, on the morning of TODAY."""
    from django.core.management import call_command
    from django.db import transaction

    from bench import _own
    from chezhe.servicing import accruals

    call_command("migrate", verbosity=0, interactive=False)
    _own.lend(loans, TODAY)
    _own.let_loans_stand_without_papers()
    with transaction.atomic():
        accruals.close_day(TODAY - timedelta(days=1))


def close() -> None:
    """The close of TODAY, or what is left of it, as `./run eod` does it: whoever was killed is followed by the command itself."""
    from django.core.management import call_command

    from chezhe.kernel import clock

    with clock.at(datetime.combine(TODAY, time(22), clock.SHANGHAI)):
        try:
            call_command("close_days", date=TODAY, no_snapshot=True, stdout=io.StringIO())
        except SystemExit as ended:
            assert not ended.code, "the command did not close the day"


def begin() -> None:
    """The close of TODAY asked of the queue; no process patches the size of its shards, so they are those of any such book."""
    from chezhe.kernel import clock
    from chezhe.kernel.actor import SYSTEM
    from chezhe.servicing.actions.begin_end_of_day import begin_end_of_day
    from chezhe.servicing.endofday import runs

    runs.SHARD_LOANS = SHARD_LOANS
    with clock.at(datetime.combine(TODAY, time(22), clock.SHANGHAI)):
        begin_end_of_day(until=TODAY, calendar_day=TODAY, by=SYSTEM)


def pay(acknowledged: str) -> None:
    """A payment for every loan of a sample; what the house has taken is written down outside the database at once."""
    from chezhe.finmath.money import Money
    from chezhe.kernel.actor import SYSTEM
    from chezhe.servicing.actions.record_repayment import record_repayment
    from chezhe.servicing.models import Loan
    from chezhe.servicing.receipts import CounterReceipt

    numbers = Loan.objects.filter(next_due_on__isnull=False).order_by("pk").values_list("number", flat=True)[:PAID]
    with open(acknowledged, "a", buffering=1) as file:
        for number in list(numbers):
            receipt = CounterReceipt(amount=Money(123_45), paid_on=TODAY, channel="bank", reference=f"K-{number}")
            record_repayment(loan_number=number, receipt=receipt, by=SYSTEM)
            file.write(f"K-{number}\n")


def _on(name: str) -> None:
    from django.db import connections

    connections.close_all()
    connections.settings["default"].update(NAME=name, CONN_MAX_AGE=0)


# What writes down outside the database what it has to say, such as what the house has taken, and what does not.
TELLING = {"pay": pay, "file": desk.post_files, "settle": desk.settle, "prove": desk.prove, "announce": news.announce}
SILENT = {"close": close, "begin": begin, "take": desk.take, "deliver": news.deliver}


def main() -> None:
    import django

    django.setup()
    from django.urls import get_resolver

    from chezhe.servicing.endofday import runs

    assert get_resolver().url_patterns  # every door is read now, and not by each child before it begins

    runs.FEW, runs.SHARD_LOANS = 0, SHARD
    for line in sys.stdin:
        task, *words = line.split()
        child = os.fork()
        if not child:
            if task == "prepare":
                prepare(int(words[0]))
            else:
                _on(words[0])
                TELLING[task](words[1]) if task in TELLING else SILENT[task]()
            os._exit(0)
        print(child, flush=True)
        _child, status = os.waitpid(child, 0)
        print("cut short" if status else "ended", flush=True)


if __name__ == "__main__":
    main()
