"""The provision of a month over a large book: graded, worked out, written and moved on from the month before, step by step.

A sample of loans is graded alone, as their pages do, and must come out as in the run.
"""

from __future__ import annotations

import os
import resource
from argparse import Namespace
from collections import Counter
from datetime import date
from random import Random
from time import perf_counter
from typing import Any

from bench import _meter, _own, _report

LOANS, SAMPLE, TODAY, MONTHS = 1_000_000, 200, date(2026, 6, 1), (date(2026, 4, 30), date(2026, 5, 31))


def run(asked: Namespace) -> dict[str, Any]:
    """Prints and returns the figures; `failures` when a loan alone comes out otherwise, or the movement does not add up."""
    with _own.database("bench_provision"):
        return _measure(asked.loans or LOANS)


def _measure(loans: int) -> dict[str, Any]:
    _own.lend(loans, TODAY)
    _give_pasts()
    print(f"账簿 book: {loans:,} loans; load {os.getloadavg()[0]:.1f}", flush=True)
    runs = [_provide(as_of) for as_of in MONTHS]
    last = runs[-1]
    found = {
        "loans": last["loans"], "seconds": last["seconds"], "rows_per_second": round(last["loans"] / last["seconds"]),
        "split_s": last["split"], "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "failures": [*_alone(), *last["failures"]],
    }
    print(f"拨备 provision: {found['loans']:,} loans, {found['seconds']:.1f} s, {found['rows_per_second']:,} loans a second, "
          f"peak {found['peak_mb']} MB\n  split {found['split_s']}")
    return found


def _give_pasts() -> None:
    """One loan in fifty was bad once and has cleared its arrears: what the upgrade rule has to look at."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE servicing_loan SET arrears = '[["2025-08-15", "2026-01-20", 158, false]]', performing_since = '2026-01-20'
                WHERE id %% 50 = 0""", [])


def _provide(as_of: date) -> dict[str, Any]:
    """One month: asked for, computed and posted, with the seconds of each step."""
    from django.db import transaction

    from chezhe.kernel import jobs
    from chezhe.kernel.actor import SYSTEM
    from chezhe.servicing.quality import grading, losses, provisions, writing

    split: Counter[str] = Counter()
    plain = (grading.grade_book, losses.expect, writing.write_lines, writing.moves_between)
    for module, name in ((grading, "grade_book"), (losses, "expect"), (writing, "write_lines"), (writing, "moves_between")):
        setattr(module, name, _meter.timed(getattr(module, name), name, split))
    with jobs.in_line(), transaction.atomic():
        started = provisions.begin(as_of, by=SYSTEM)
        begun = perf_counter()
        done = provisions.compute(started, by=SYSTEM)
        seconds = perf_counter() - begun
        done = provisions.post(done, by=SYSTEM)
    grading.grade_book, losses.expect, writing.write_lines, writing.moves_between = plain
    difference = provisions.bridge_of(done)[1]
    return {"loans": done.loans, "seconds": round(seconds, 2), "split": {name: round(spent, 2) for name, spent in split.items()},
            "failures": [f"{as_of}: {difference} fen between lines and ledger"] if difference else []}


def _alone() -> list[str]:
    """Loans that graded alone have another class or stage than in the run, before it looks at what is lost of them."""
    from chezhe.servicing.models import ProvisionLine
    from chezhe.servicing.quality import grading
    from chezhe.servicing.quality.rules import CLASSES, REASONS

    lines, found = ProvisionLine.objects.filter(run__as_of=MONTHS[-1]), []
    keys = list(lines.order_by("pk").values_list("pk", flat=True))
    # Drawn, because every n-th loan of the book is of the same few kinds.
    for line in lines.filter(pk__in=Random(7).sample(keys, min(SAMPLE, len(keys)))).select_related("loan"):
        quality = grading.qualities(grading.grade_customers([line.loan.customer_id], MONTHS[-1]))[line.loan_id]
        told = CLASSES[max(place for reason, place in zip(REASONS, line.grades, strict=True) if reason != "impairment")]
        if (quality.asset_class, quality.stage) != (told, line.stage):
            found.append(f"loan {line.loan_id}: {quality.asset_class.value} alone, {told.value} in the run")
    return found[:10]


if __name__ == "__main__":
    _report.main("provision", run)
