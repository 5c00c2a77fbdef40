"""How many payments a second the house takes in, and whether the books still agree after each run.

The real action, then the API over HTTP: with 1, 8 and 32 clerks on different loans, and 64 payments at once on one loan. Beside
them the same work in plain Django (`_plain`). Then a book of 5,000 loans is taken over beside them: a bank's file with a line for
every one of its loans, and 10,000 payments across all of them. After every run the trial balance, the proof of the ledger, and
fold = row = ledger of every loan paid on; what the clerks were told went through must stand there once. Anything else makes the run
fail; how fast it was does not.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from time import perf_counter, sleep
from typing import Any

from bench import _report, _sample
from bench._clerks import AMOUNT_FEN, Outcome, Task, by_action, by_api

CLIENTS, AT_ONCE = (1, 8, 32), 64
SECONDS, LOANS_MAX = 5, 200
ACROSS, BOOK = 10_000, 5_000
PAYMENTS_MAX = 3_000  # of one run: a loan with thousands of payments is nobody's loan
DATABASE = "chezhe_bench_payments"
DEADLOCK = "40P01"


def run(*, loans: int = LOANS_MAX, seconds: int = SECONDS, port: int = 8700, is_fresh: bool = False) -> dict[str, Any]:
    """Prints and returns the figures, measured in a copy of the bench's database that is thrown away afterwards."""
    with _sample.house(is_fresh=is_fresh) as house:
        house.cluster.drop_database(DATABASE)
        house.cluster.create_database(DATABASE, template=house.instance.database)
        try:
            copy = replace(house, instance=replace(house.instance, database=DATABASE))
            copy.enter()
            return measure(copy, loans=loans, seconds=seconds, port=port, across=ACROSS, book=BOOK)
        finally:
            house.leave()
            house.cluster.drop_database(DATABASE)


def measure(
    house: _sample.House, *, loans: int, seconds: int, port: int, clients: tuple[int, ...] = CLIENTS, at_once: int = AT_ONCE,
    across: int = 0, book: int = 0,
) -> dict[str, Any]:
    """Every run in the house this process belongs to; it takes in thousands of payments, so better a copy. `book` loans are taken over
    for the bank's file and for the payments `across` all."""
    bench = _Bench(house, loans, seconds)
    print(f"payments: {len(bench.loans)} loans of {bench.username}'s reach, at most {seconds} s a run;"
          f" load before {os.getloadavg()[0]:.1f}")
    print(f"  {'':8}{'clerks':>8}{'on':>12}{'payments':>10}{'a second':>10}{'p50':>8}{'p99':>8} ms  errors  deadlocks  books")
    lines = [bench.measure("action", many) for many in clients] + [bench.measure("action", at_once, on_one=True)]
    plain = [bench.measure("plain", many) for many in clients]
    bench.open_door(port)
    lines += [bench.measure("api", many) for many in clients] + [bench.measure("api", at_once, on_one=True)]
    if book:
        bench.take_over(book)
    files = [bench.post_file() for _ in range(2)]
    spread = [bench.measure("action", clients[-1], most=across)] if across else []
    failures = [f"{line['by']} {line['clerks']}: {fault}" for line in [*lines, *plain, *files, *spread] for fault in line["faults"]]
    rates = {(line["by"], line["clerks"]): line["payments_per_second"] for line in [*lines, *plain]}
    ratios = {
        "ratio_vs_plain_online": round(rates["action", clients[-1]] / rates["plain", clients[-1]], 2),
        "ratio_vs_plain_bank_file": round(max(line["payments_per_second"] for line in files) / rates["plain", 1], 2),
    }
    print(f"  against plain Django: {ratios['ratio_vs_plain_online']}x online with {clients[-1]} clerks, "
          f"{ratios['ratio_vs_plain_bank_file']}x by a bank's file (one process against one)")
    return {"loans": lines[0]["loans"], "book": files[0]["loans"], "seconds": seconds, "runs": lines, "plain": plain,
            "bank_files": files, "across": spread, **ratios, "failures": failures}


class _Bench:
    """The loans, the clerk, and the ways to pay."""

    def __init__(self, house: _sample.House, loans: int, seconds: int) -> None:
        from chezhe.kernel import business_date, clock
        from chezhe.servicing import permissions
        from chezhe.servicing.models import Loan
        from chezhe.staff import steps
        from chezhe.staff.models import User

        self.house, self.seconds, self.runs = house, seconds, 0
        self.today = business_date.current()
        people = [(user, steps.actor_for(user, clock.now())) for user in User.objects.filter(is_demo=True).order_by("pk")]
        self.user, actor = next((user, actor) for user, actor in people if actor.can(permissions.RECORD_REPAYMENT.code))
        self.username = self.user.username
        mine = Loan.objects.visible_to(actor).filter(status="active").order_by("-matures_on", "pk")
        self.actor, self.loans = actor, list(mine.values_list("number", flat=True)[:loans])
        self.address = self.token = ""

    def take_over(self, count: int) -> None:
        """From now on the loans of a book that is taken over, those of the clerk's reach."""
        from bench import takeover
        from chezhe.servicing.models import Loan

        number = takeover.bring(count, self.today - timedelta(days=1))["number"]
        taken = Loan.objects.visible_to(self.actor).filter(status="active", taken__takeover__number=number)
        self.loans = list(taken.order_by("pk").values_list("number", flat=True))

    def open_door(self, port: int) -> None:
        """A web server on the copy, and a key for it whose second factor is fresh."""
        from chezhe.kernel import clock
        from chezhe.servicing import permissions
        from chezhe.staff import second_factor, steps
        from chezhe.staff.actions.issue_token import issue_token

        self.address = self.house.open(port)
        scopes = [permissions.RECORD_REPAYMENT.code]
        self.token = issue_token(label="bench", scopes=scopes, days=1, by=steps.actor_for(self.user, clock.now())).secret
        _report.call(self.address, "PUT", "/api/v1/staff/step-up", self.token, {"code": second_factor.demo_code(self.user, clock.now())})

    def measure(self, by: str, clients: int, *, on_one: bool = False, most: int = 0) -> dict[str, Any]:
        """One run and the check after it, printed; with `most` it lasts until so many have been paid."""
        self.runs += 1
        tasks = self._tasks(clients, on_one, most)
        deadlocks = self._deadlocks()
        is_plain = by == "plain"
        outcome = by_api(tasks, self.address, self.token) if by == "api" else by_action(tasks, self.username, is_plain=is_plain)
        paid_on = self.loans[:1] if on_one else self.loans
        deadlocks = max(self._deadlocks(is_settled=False) - deadlocks, outcome.failures[DEADLOCK])
        line = self._line(by, clients, len(paid_on), outcome, deadlocks)
        line["faults"] = [*self._faults(paid_on, len(outcome.seconds)), *([f"{deadlocks} deadlocks"] if deadlocks else [])]
        self._print(line, on_one)
        return line

    def post_file(self) -> dict[str, Any]:
        """A bank's file with a line for every loan, imported and then posted; only the posting is timed."""
        from chezhe.kernel.actor import SYSTEM
        from chezhe.payments.actions.import_bank_file import import_bank_file
        from chezhe.servicing.actions.post_bank_file import post_bank_file
        from chezhe.servicing.models import LoanEvent

        self.runs += 1
        rows = [f"{self.today},{AMOUNT_FEN // 100}.00,F{self.runs}-{at},,,还款 {number}" for at, number in enumerate(self.loans)]
        content = "\n".join(["交易日期,金额,流水号,付款人,付款账号,附言", *rows, ""]).encode()
        file = import_bank_file(content=content, name=f"bench-{self.runs}.csv", by=SYSTEM).file
        begun = perf_counter()
        done = post_bank_file(file_number=file.number, by=SYSTEM)
        took = perf_counter() - begun
        line = self._line("file", 1, len(self.loans), Outcome([took / max(done.posted, 1)] * done.posted, took=took), 0)
        stands = LoanEvent.objects.filter(reference__startswith=f"bank-line/F{self.runs}-", kind="repaid").count()
        line["faults"] = self._faults(self.loans, 0) + ([] if stands == done.posted else [f"{done.posted} lines posted, {stands} stand"])
        self._print(line, False)
        return line

    def _tasks(self, clients: int, on_one: bool, wanted: int) -> list[Task]:
        if on_one:
            return [Task(f"b{self.runs}-{at}", (self.loans[0],), self.today, 60, 1) for at in range(clients)]
        mine = [tuple(self.loans[at::clients]) or (self.loans[at % len(self.loans)],) for at in range(clients)]
        most, seconds = max((wanted or PAYMENTS_MAX) // clients, 1), ACROSS if wanted else self.seconds
        return [Task(f"b{self.runs}-{at}", loans, self.today, seconds, most) for at, loans in enumerate(mine)]

    def _line(self, by: str, clients: int, loans: int, outcome: Outcome, deadlocks: int) -> dict[str, Any]:
        p50, p99 = (round(_report.percentile(outcome.seconds, share) * 1000, 1) for share in (0.50, 0.99))
        return {
            "by": by, "clerks": clients, "loans": loans, "payments": len(outcome.seconds), "p50_ms": p50, "p99_ms": p99,
            "payments_per_second": round(len(outcome.seconds) / outcome.took, 1), "deadlocks": deadlocks,
            "errors": dict(outcome.failures),
        }

    def _print(self, line: dict[str, Any], on_one: bool) -> None:
        on, books = ("one loan" if on_one else f"{line['loans']} loans"), "; ".join(line["faults"]) or "agree"
        errors = ", ".join(f"{count} {code}" for code, count in line["errors"].items()) or "0"
        print(f"  {line['by']:8}{line['clerks']:8}{on:>12}{line['payments']:10}{line['payments_per_second']:10}"
              f"{line['p50_ms']:8}{line['p99_ms']:8}     {errors}       {line['deadlocks']}          {books}")

    def _deadlocks(self, *, is_settled: bool = True) -> int:
        """As the server counts them; a backend reports within a second of its last transaction."""
        if not is_settled:
            sleep(1.1)
        name = self.house.instance.database
        with self.house.cluster.connect(name) as connection:
            row = connection.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = %s", [name]).fetchone()
        return int(str(row[0])) if row else 0

    def _faults(self, numbers: list[str], told: int) -> list[str]:
        """What the books say against it; nothing when all agree."""
        from chezhe.ledger import queries as ledger
        from chezhe.servicing import proof
        from chezhe.servicing.models import Loan, LoanEvent

        faults = []
        if ledger.trial_balance(self.today).difference:
            faults.append(f"the trial balance differs by {ledger.trial_balance(self.today).difference}")
        faults += ledger.prove().faults
        faults += proof.differences(Loan.objects.filter(number__in=numbers).select_related("product_version").order_by("pk"))
        stands = LoanEvent.objects.filter(reference__startswith=f"counter/bank/b{self.runs}-", kind="repaid")
        amounts = list(stands.values_list("amount", flat=True))
        if len(amounts) != told or any(getattr(amount, "fen", amount) != AMOUNT_FEN for amount in amounts):
            faults.append(f"{told} payments went through, {len(amounts)} stand in the books")
        return faults


if __name__ == "__main__":
    _report.main("payments", lambda chosen: run(
        loans=chosen.loans or LOANS_MAX, seconds=chosen.seconds or SECONDS, port=chosen.port, is_fresh=chosen.fresh))
