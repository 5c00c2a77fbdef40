"""The end of a day: shards against a per-loan Django loop and against the raw movement of the loan table, in one run.

The loop visits and saves every loan of a sample with its accrual and journal, and must be able to do each of them; each sampled loan
must then stand, column by column, as the shards leave it, and the sums by account must agree. What the loop has accrued of a loan by the
evening may differ from the loan's exact part in its group by half a fen, what it posted to an account by as much for each loan.

As many processes share the shards as there are processors, or `--workers N`; processor seconds, memory and the seconds by step are
those of all of them together. `--workers 1,2,4` closes the same day of the same book once with each, proves each close against the loop,
and prints one table; the other figures are then those of as many processes as there are processors, or of the nearest number. Then the
next day is closed while borrowers pay (`_paying`). `--month-end`
closes the last day of a month before a day on which three in ten loans fall due, `--in-order` lays the loans in the order in which
they were paid out instead of strewing them.
"""

from __future__ import annotations

import os
from argparse import Namespace
from collections import Counter
from datetime import date, timedelta
from time import perf_counter
from typing import Any

from bench import _accrued, _meter, _own, _paying, _report, _scaling, _workers

LOANS, SAMPLE, TODAY, MONTH_END = 1_000_000, 400, date(2026, 5, 20), date(2026, 5, 31)
DUE_TOGETHER = 0.28  # of the loans on the first of a month; others fall due or grow older on that day as on any


def run(asked: Namespace) -> dict[str, Any]:
    """Prints and returns the figures; `failures` when the two ways differ."""
    with _own.database("bench_eod") as own:
        return _measure(asked.loans or LOANS, asked, own)


def _measure(loans: int, asked: Namespace, own: _own.Own | None = None) -> dict[str, Any]:
    """With several numbers of workers `own` gives the book back as it was before each close."""
    from django.db import transaction

    from chezhe.servicing import accruals

    begun, day = perf_counter(), MONTH_END if asked.month_end else TODAY
    _own.lend(loans, day, is_shuffled=not asked.in_order, due_next=DUE_TOGETHER if asked.month_end else 0.0)
    with transaction.atomic():
        accruals.close_day(day - timedelta(days=1))
    print(f"账簿 book: {loans:,} loans in {perf_counter() - begun:.0f} s; load {os.getloadavg()[0]:.1f}", flush=True)
    loop = _loop(loans, day)
    moved, moved_cpu = _round_trip()
    print(f"  per-loan loop {loop['per_loan'] * 1000:.2f} ms a loan; raw COPY round trip {moved:.3f} s", flush=True)
    _meter.watch()
    print(f"  compiled loops loaded in {_meter.load_loops():.2f} s, once a process and before the clock runs", flush=True)

    closed, scaling, failures = _scaling.closes(
        asked.workers or [os.cpu_count() or 1], own, lambda workers: _close(day, workers),
        lambda: [*_differences(loop), *_other_sums(loop), *_accrued.differences(loop["accrued"], day)])
    workers = closed["workers"]
    found = {
        "loans": loans, "day": day.isoformat(), "load": round(os.getloadavg()[0], 1), **closed,
        "loop_seconds_per_loan": round(loop["per_loan"], 6), "copy_round_trip_s": round(moved, 3),
        **_ratios(closed, loop, loans, moved, moved_cpu),
        "loop_sample": {name: len(ids) for name, ids in loop["asked"].items()}, "loop_left_out": sum(map(len, loop["left_out"].values())),
        "scaling": scaling, "failures": [*_left_out(loop), *failures],
    }
    _print(found)
    if len(scaling) > 1:
        print(_scaling.words(scaling), flush=True)
    found["paying"] = _paying.measure(day + timedelta(days=1), workers)
    found["failures"] += found["paying"].pop("failures")
    print(_paying.words(found["paying"]))
    return found


def _ratios(closed: dict[str, Any], loop: dict[str, Any], loans: int, moved: float, moved_cpu: float) -> dict[str, float]:
    """The close against the loop over all loans, the loop over the touched ones and the mere movement of the table."""
    return {
        "ratio_vs_per_loan_loop": round(loop["per_loan"] * loans / closed["seconds"], 1),
        "ratio_vs_loop_on_touched_only": round(loop["per_touched"] * closed["touched"] / closed["seconds"], 1),
        "ratio_vs_copy_round_trip": round(closed["seconds"] / moved, 3),
        "cpu_ratio_vs_per_loan_loop": round(loop["per_loan_cpu"] * loans / closed["cpu_s"], 1),
        "cpu_ratio_vs_copy_round_trip": round(closed["cpu_s"] / moved_cpu, 3),
    }


def _loop(loans: int, day: date) -> dict[str, Any]:
    """Every n-th loan and some that fall due, closed by the loop in transactions that are then undone."""
    from django.db import transaction

    from bench import _loop as loop
    from chezhe.servicing.models import Loan

    step = max(1, loans // SAMPLE)
    plain = list(range(1, loans + 1, step))[:SAMPLE]
    touched = list(Loan.objects.filter(next_event_on=day + timedelta(days=1)).order_by("pk").values_list("pk", flat=True)[:SAMPLE])
    found: dict[str, Any] = {"rows": {}, "sums": {}, "accrued": {}, "asked": {}, "left_out": {}}
    for name, ids in (("per_loan", plain), ("per_touched", touched)):
        before = _rows(ids)
        with transaction.atomic():
            begun, cpu, accrued = perf_counter(), _meter.processor(), {}
            for loan_id in ids:
                accrued[loan_id] = loop.close(loan_id, day)
            found[name] = (perf_counter() - begun) / max(1, len(ids))
            found[f"{name}_cpu"] = (_meter.processor() - cpu) / max(1, len(ids))
            kept = [loan_id for loan_id, said in accrued.items() if said is not None]
            found["asked"][name], found["left_out"][name] = ids, sorted(set(ids) - set(kept))
            found["rows"] |= _rows(kept)
            found["sums"][name] = (kept, _sums(kept))
            posted = _sums(kept, is_accrual=True)
            transaction.set_rollback(True)
        found["accrued"][name] = _accrued.Sample({loan_id: (before[loan_id], accrued[loan_id]) for loan_id in kept}, posted)
    return found


def _left_out(loop: dict[str, Any]) -> list[str]:
    """Loans of the sample that the loop could not do: then it did less than the shards, and its time says nothing."""
    return [f"{name}: the loop left out {len(ids)} of {len(loop['asked'][name])} loans: {ids[:5]}"
            for name, ids in loop["left_out"].items() if ids]


def _sums(ids: list[int], *, is_accrual: bool = False) -> dict[str, int]:
    """What was accrued in these loans' names, or what else was booked, by account: fen, debit positive."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.code, sum(l.debit_fen - l.credit_fen)::bigint FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id "
            "JOIN ledger_journalentry e ON e.id = l.entry_id WHERE (e.event = 'accrual') = %s AND l.owner IN ("
            "SELECT 'loan:' || number FROM servicing_loan WHERE id = ANY(%s)) GROUP BY 1", [is_accrual, ids],
        )
        return dict(cursor.fetchall())


def _other_sums(loop: dict[str, Any]) -> list[str]:
    """Accounts on which the shards booked another sum for the sampled loans than the loop."""
    found = []
    for name, (ids, sums) in loop["sums"].items():
        booked = _sums(ids)
        found += [f"{name}: account {code} has {booked.get(code, 0)}, by the loop {sums.get(code, 0)}"
                  for code in sorted({*booked, *sums}) if booked.get(code, 0) != sums.get(code, 0)]
    return found


def _rows(ids: list[int]) -> dict[int, dict[str, Any]]:
    from chezhe.servicing.models import Loan

    return {row["id"]: row for row in Loan.objects.filter(pk__in=ids).values()}


def _round_trip() -> tuple[float, float]:
    """The loan table out to this process and into a table without indexes: what merely moving the rows costs, elapsed and in
    processor seconds of both sides."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_copy (LIKE servicing_loan)")
        begun, cpu = perf_counter(), _meter.processor()
        with cursor.copy("COPY servicing_loan TO STDOUT (FORMAT binary)") as copy:
            parts = [bytes(part) for part in copy]
        with cursor.copy("COPY bench_copy FROM STDIN (FORMAT binary)") as copy:
            for part in parts:
                copy.write(part)
        took = perf_counter() - begun, _meter.processor() - cpu
        cursor.execute("DROP TABLE bench_copy")
        cursor.execute("CHECKPOINT")
    return took


def _close(day: date, workers: int) -> dict[str, Any]:
    """The close of `day`, shard by shard through the actions, with what it cost all processes together."""
    from django.db import connection

    from chezhe.kernel import jobs
    from chezhe.kernel.actor import SYSTEM
    from chezhe.servicing.actions.begin_end_of_day import begin_end_of_day
    from chezhe.servicing.actions.finish_end_of_day import finish_end_of_day
    from chezhe.servicing.endofday import runs, snapshot

    with _workers.ready(day, workers) as closing:
        wal, meter, begun = _wal(), _meter.Meter(), perf_counter()
        with jobs.in_line():
            run = begin_end_of_day(until=day, calendar_day=day, by=SYSTEM)
            others = closing(len(run.shards))
            before_finish = perf_counter()
            run = finish_end_of_day(day=day, by=SYSTEM)
        ended = perf_counter()
        spent = [meter.spent(), *others]
    seconds, totals = ended - begun, runs.totals(run)
    wal_mb = round((_wal() - wal) / 1e6, 1)
    begun = perf_counter()
    snapshot.keep(day)
    connection.close()
    split = sum((one.split for one in spent), Counter[str]())
    return {
        "status": run.status, "touched": totals["loans"], "one_by_one": totals["one_by_one"], "failed_loans": totals["failures"],
        "workers": workers, "seconds": round(seconds, 3), "cpu_s": round(sum(one.cpu_s + one.server_cpu_s for one in spent), 2),
        "server_cpu_s": round(sum(one.server_cpu_s for one in spent), 2), "wal_mb": wal_mb,
        "rows_per_s": round(totals["loans"] / seconds),
        "peak_mb": round(sum(one.peak_mb for one in spent)), "grown_mb": round(sum(one.grown_mb for one in spent)),
        "split_s": {**{name: round(took, 3) for name, took in split.items()}, "finish": round(ended - before_finish, 3)},
        "snapshot_s": round(perf_counter() - begun, 2), "snapshot_peak_mb": round(meter.spent().peak_mb),
    }


def _wal() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")
        return int(cursor.fetchone()[0])


def _differences(loop: dict[str, Any]) -> list[str]:
    """Sampled loans that the shards left otherwise than the loop."""
    found = []
    now = _rows(list(loop["rows"]))
    for loan_id, row in loop["rows"].items():
        # A loan that nothing happened to keeps its row; the loop saved only the day it stands on.
        names = [name for name in row if row[name] != now[loan_id][name] and name != "as_of"]
        if names:
            found.append(f"loan {loan_id}: {names[0]} is {now[loan_id][names[0]]} and {row[names[0]]} by the loop")
    return found[:10]


def _print(found: dict[str, Any]) -> None:
    print(
        f"日终 end of day {found['day']}, {found['workers']} at it: {found['touched']:,} touched ({found['one_by_one']} one by one), "
        f"{found['seconds']:.2f} s, {found['rows_per_s']:,} rows a second, {found['cpu_s']} CPU s "
        f"({found['server_cpu_s']} of them the servers'), WAL {found['wal_mb']} MB, "
        f"peak {found['peak_mb']} MB ({found['grown_mb']} more than before)\n"
        f"  split {found['split_s']}, snapshot {found['snapshot_s']} s\n"
        f"  per-loan loop → {found['ratio_vs_per_loan_loop']:,.0f}×; visiting touched loans only → "
        f"{found['ratio_vs_loop_on_touched_only']:.1f}×; raw COPY round trip → {found['ratio_vs_copy_round_trip']} of it\n"
        f"  in processor seconds of both sides: {found['cpu_ratio_vs_per_loan_loop']:,.0f}×, {found['cpu_ratio_vs_copy_round_trip']}"
    )


if __name__ == "__main__":
    _report.main("eod", run)
