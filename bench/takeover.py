"""A book of another system taken over: the trial and the chunks by the real actions, from CSVs as people would upload them.

One loan in ten brings every receipt of its life, the others balances. Every loan of a sample is then taken once more alone, by the
ordinary steps, in a transaction that is undone: its row, its plan and its balances in the ledger must be the same. Fold, row and ledger
are proved of a sample, and the clearing must be what the loans brought.
"""

from __future__ import annotations

import os
import resource
from argparse import Namespace
from datetime import date
from time import perf_counter, process_time
from typing import Any

from bench import _own, _report

LOANS, SAMPLE, PROVED, TODAY, AS_OF = 20_000, 100, 2_000, date(2026, 5, 21), date(2026, 5, 20)
SKIPPED = {"id", "number", "contract_id", "customer_id", "owner_id"}


def run(asked: Namespace) -> dict[str, Any]:
    """Prints and returns the figures; `failures` when the two ways differ or the books do not agree."""
    with _own.database("bench_takeover"):
        return _measure(asked.loans or LOANS)


def _measure(loans: int) -> dict[str, Any]:
    from chezhe.kernel import business_date, clock
    from chezhe.simulation import people

    list(people.settle_in(clock.now()))
    business_date.open_day(TODAY)
    found = {"loans": loans, **bring(loans, AS_OF)}
    found["failures"] = [*found.pop("wrong"), *_alone(found["number"]), *_unproved(found["number"])]
    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    _print(found)
    return found


def bring(loans: int, as_of: date) -> dict[str, Any]:
    """A book of so many loans made, uploaded, tried, agreed and taken, with the seconds of the trial and of the chunks."""
    from chezhe.takeover.tests.old_books import many

    begun = perf_counter()
    book = many(loans, as_of=as_of, branches=["HZ01", "NB01", "SZ01"], products=["P01"], history_every=10)
    files = book.files()
    size = sum(len(content) for content in files.values())
    told = sum(loan["brings"] == "history" for loan in book.loans)
    print(f"旧账 old book: {loans:,} loans, {told:,} of them with their history ({len(book.receipts):,} receipts), {size / 2**20:.0f} MB "
          f"of CSV, made in {perf_counter() - begun:.0f} s; load {os.getloadavg()[0]:.1f}", flush=True)
    return {"with_history": told, "receipts": len(book.receipts), **_bring(files, book.totals(), as_of)}


def _bring(files: dict[str, bytes], stated: dict[str, dict[str, int]], as_of: date) -> dict[str, Any]:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from chezhe.kernel import clock, jobs
    from chezhe.staff import steps
    from chezhe.staff.models import User
    from chezhe.takeover import reconciling
    from chezhe.takeover.actions.add_book_file import add_book_file
    from chezhe.takeover.actions.approve_book import approve_book
    from chezhe.takeover.actions.begin_book import begin_book
    from chezhe.takeover.actions.start_trial import start_trial
    from chezhe.takeover.actions.state_totals import state_totals
    from chezhe.takeover.actions.submit_book import submit_book
    from chezhe.takeover.totals import Stated

    maker, checker = (
        steps.actor_for(User.objects.get(username=name), clock.now(), stepped_up_at=clock.now()) for name in ("finance", "finance2")
    )
    begun = begin_book(as_of=as_of, title="bench", by=maker)
    for name, content in files.items():
        add_book_file(takeover_number=begun.number, upload=SimpleUploadedFile(name, content), by=maker)
    with jobs.in_line():
        start_trial(takeover_number=begun.number, by=maker)
        started, worked = perf_counter(), process_time()
        jobs.run_due()
        tried, tried_cpu = perf_counter() - started, process_time() - worked
    begun.refresh_from_db()
    wrong = [f"{fault.sheet} {fault.row} {fault.column}: {fault.code} {fault.facts}" for fault in begun.faults.all()[:5]]
    print(f"试算 trial: {begun.loans:,} loans in {tried:.1f} s; {begun.faults_found} faults {wrong}", flush=True)
    state_totals(takeover_number=begun.number, stated=Stated(stated), by=maker)
    submit_book(takeover_number=begun.number, by=maker)
    with jobs.in_line():
        approve_book(takeover_number=begun.number, by=checker)
        started, worked = perf_counter(), process_time()
        while jobs.run_due():
            pass
        taken, taken_cpu = perf_counter() - started, process_time() - worked
    begun.refresh_from_db()
    failed = begun.rows.exclude(status="taken")
    wrong += [f"{row.old_number}: {row.code} {row.facts}" for row in failed[:5]]
    wrong += [f"{row.item}: {row}" for row in reconciling.compared(begun) if row.difference or row.ledger_difference]
    return {
        "number": begun.number, "trial_s": round(tried, 1), "taking_s": round(taken, 1), "chunks": begun.chunks, "wrong": wrong,
        "trial_per_second": round(begun.loans / tried), "taken_per_second": round(begun.loans / taken),
        "trial_cpu_s": round(tried_cpu, 1), "taking_cpu_s": round(taken_cpu, 1), "clearing_fen": reconciling.clearing_of(begun).fen,
    }


def _alone(number: str) -> list[str]:
    """Loans of the sample that the ordinary steps would have left otherwise."""
    from django.db import transaction

    from chezhe.kernel.actor import SYSTEM
    from chezhe.servicing import takeovers
    from chezhe.takeover import taking
    from chezhe.takeover.arranging import arrange
    from chezhe.takeover.judging import surroundings
    from chezhe.takeover.models import Takeover

    book = Takeover.objects.get(number=number)
    rows = list(book.rows.select_related("loan__contract").order_by("id"))[:: max(1, book.loans // SAMPLE)][:SAMPLE]
    around, wrong = surroundings(AS_OF, TODAY), []
    for row in rows:
        old = taking.old_of(row)
        arranged = arrange(old, around.house(old.loan.product))
        together = _standing(row.loan)
        with transaction.atomic():
            alone = takeovers.take_over(
                takeovers.Arrival(contract=_copy(row.loan.contract), old_number=old.loan.number, terms=arranged.terms, rows=arranged.rows,
                                  brought=arranged.brought, paid_out_on=old.loan.paid_out_on),
                reference=f"bench/{row.pk}", by=SYSTEM,
            )
            if _standing(alone) != together:
                wrong.append(f"{row.old_number}: alone it would stand otherwise")
            transaction.set_rollback(True)
    print(f"逐笔对照 one by one: {len(rows)} loans, {len(wrong)} differ", flush=True)
    return wrong


def _copy(contract: Any) -> Any:
    """The same contract once more, for a loan that is undone at once."""
    from chezhe.contracts.models import Contract

    again = Contract.objects.get(pk=contract.pk)
    again.pk, again.number, again.old_number = None, f"{again.number}-B"[:40], f"{again.old_number}-B"
    again.save(force_insert=True)
    return again


def _standing(loan: Any) -> dict[str, Any]:
    """Every column that does not name the loan, its plan and its balances in the ledger."""
    from chezhe.servicing import lives
    from chezhe.servicing.models import Loan

    columns = {name: value for name, value in Loan.objects.filter(pk=loan.pk).values().get().items() if name not in SKIPPED}
    plan = loan.schedules.values("version", "due_dates", "principal_fen", "interest_fen", "fee_fen", "terms", "brought").order_by("version")
    return {**columns, "plans": list(plan), "ledger": lives.booked_balances(loan)}


def _unproved(number: str) -> list[str]:
    """Loans on which fold, row and ledger disagree, of a sample spread over the book."""
    from chezhe.servicing import proof
    from chezhe.servicing.models import Loan

    loans = list(Loan.objects.filter(taken__takeover__number=number).select_related("product_version", "contract").order_by("pk"))
    chosen = loans[:: max(1, len(loans) // PROVED)]
    begun = perf_counter()
    wrong = list(proof.differences(chosen))
    print(f"账实核对 prove: {len(chosen):,} loans in {perf_counter() - begun:.1f} s, {len(wrong)} differ", flush=True)
    return wrong[:10]


def _print(found: dict[str, Any]) -> None:
    print(f"迁入 takeover: {found['loans']:,} loans; trial {found['trial_s']} s ({found['trial_per_second']:,} loans a second), taking "
          f"{found['taking_s']} s in {found['chunks']} chunks ({found['taken_per_second']:,} loans a second), one process whose processor "
          f"worked {found['trial_cpu_s']} and {found['taking_cpu_s']} s; peak {found['peak_mb']} MB; clearing "
          f"{found['clearing_fen'] / 100:,.2f}")


if __name__ == "__main__":
    _report.main("takeover", run)
