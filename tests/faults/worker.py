"""A worker that can be killed: this program stays, and forks a child for every task, which works on a database of its own.

Standard input: `prepare`, `close NAME` or `pay NAME FILE`. Standard output: the child's pid, and `ended` when it has ended.
"""

from __future__ import annotations

import io
import os
import sys
from datetime import date, datetime, time, timedelta

TODAY, LOANS, SHARD, PAID = date(2026, 5, 20), 600, 60, 40


def prepare() -> None:
    """A book of loans without papers, on the morning of TODAY."""
    from django.core.management import call_command
    from django.db import transaction

    from bench import _own
    from chezhe.servicing import accruals

    call_command("migrate", verbosity=0, interactive=False)
    _own.lend(LOANS, TODAY)
    _let_loans_stand_without_papers()
    with transaction.atomic():
        accruals.close_day(TODAY - timedelta(days=1))


def _let_loans_stand_without_papers() -> None:
    """A row that one transaction changes twice has its foreign keys asked again."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = 'servicing_loan'::regclass AND contype = 'f'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE servicing_loan DROP CONSTRAINT "{name}"')


def close() -> None:
    """The close of TODAY, or what is left of it, as `./run eod` does it: whoever was killed is followed by the command itself."""
    from django.core.management import call_command

    from chezhe.kernel import clock

    with clock.at(datetime.combine(TODAY, time(22), clock.SHANGHAI)):
        try:
            call_command("close_days", date=TODAY, no_snapshot=True, stdout=io.StringIO())
        except SystemExit as ended:
            assert not ended.code, "the command did not close the day"


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


def main() -> None:
    import django

    django.setup()
    from chezhe.servicing.endofday import runs

    runs.FEW, runs.SHARD_LOANS = 0, SHARD
    for line in sys.stdin:
        task, *words = line.split()
        child = os.fork()
        if not child:
            if task == "prepare":
                prepare()
            else:
                _on(words[0])
                close() if task == "close" else pay(words[1])
            os._exit(0)
        print(child, flush=True)
        os.waitpid(child, 0)
        print("ended", flush=True)


if __name__ == "__main__":
    main()
