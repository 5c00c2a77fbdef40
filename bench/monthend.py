"""What a month asks of a large book: its VAT, the cost of funds of every loan, and the profit of products and branches.

The book's ledger is made from its plans: payouts, dues and instalments paid, each day's in one entry.
"""

from __future__ import annotations

import os
import resource
from argparse import Namespace
from collections.abc import Callable
from datetime import date
from time import perf_counter
from typing import Any

from bench import _own, _report

LOANS, TODAY, MONTH = 100_000, date(2026, 6, 1), date(2026, 5, 31)
_ENTRIES = """
INSERT INTO ledger_journalentry (posted_on, recorded_at, event, reference, branch_id, memo, actor_key, actor_name, digest, written_in)
SELECT d, now(), 'bench', 'bench/' || d || '/' || b.id, b.id, '', 'system', '', '', 0
  FROM (SELECT DISTINCT d FROM servicing_loan l JOIN servicing_schedule s ON s.loan_id = l.id,
               unnest(array_prepend(l.paid_out_on, s.due_dates[:l.recognised])) d) days, staff_branch b
"""
_ROWS = """
INSERT INTO ledger_transfer (entry_id, debit_account_id, credit_account_id, amount_fen, owner)
SELECT e.id, dr.id, cr.id, m.fen, 'loan:' || l.number
  FROM servicing_loan l JOIN servicing_schedule s ON s.loan_id = l.id CROSS JOIN LATERAL (
    SELECT l.paid_out_on AS day, '1303.01' AS debit, '1012' AS credit, l.principal AS fen
    UNION ALL SELECT p.day, x.debit, x.credit, x.fen
      FROM unnest(s.due_dates[:l.recognised], s.principal_fen[:l.recognised], s.interest_fen[:l.recognised]) p(day, principal, interest),
           LATERAL (VALUES ('1132.01', '1132.02', p.interest), ('1002.01', '1132.01', p.interest), ('1002.01', '1303.01', p.principal))
             x(debit, credit, fen)) m
  JOIN ledger_journalentry e ON e.posted_on = m.day AND e.branch_id = l.branch_id
  JOIN ledger_account dr ON dr.code = m.debit JOIN ledger_account cr ON cr.code = m.credit WHERE m.fen > 0
"""


def run(asked: Namespace) -> dict[str, Any]:
    """Prints and returns the figures; `failures` when what is taxed and untaxed does not make the income."""
    with _own.database("bench_monthend"):
        return _measure(asked.loans or LOANS)


def _measure(loans: int) -> dict[str, Any]:
    from django.db import connection, transaction

    from chezhe.ledger.models import Transfer

    _own.lend(loans, TODAY)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(_ENTRIES)
        cursor.execute(_ROWS)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"账簿 book: {loans:,} loans, {Transfer.objects.count():,} transfers; load {os.getloadavg()[0]:.1f}", flush=True)
    seconds, failures = _vat()
    found = {"loans": loans, "vat_s": seconds, **_funding(), "failures": failures,
             "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}
    print(f"月末 month's end: VAT {found['vat_s']} s, funding cost {found['funding_s']} s, profit of a month {found['profit_s']} s, "
          f"of six {found['profit_six_s']} s, peak {found['peak_mb']} MB")
    return found


def _vat() -> tuple[float, list[str]]:
    from django.db import transaction

    from chezhe.kernel import jobs
    from chezhe.kernel.actor import SYSTEM
    from chezhe.servicing.models import VatRun
    from chezhe.servicing.tax import runs

    with jobs.in_line(), transaction.atomic():
        begun = runs.begin(MONTH, by=SYSTEM)
        run, seconds = _timed(lambda: runs.compute(VatRun.objects.lock(begun.number), by=SYSTEM))
    difference = runs.proof_of(run)[1]
    return seconds, [f"VAT: {difference} fen between taxed, untaxed and income"] if difference else []


def _funding() -> dict[str, float]:
    from django.db import transaction

    from chezhe.kernel.actor import SYSTEM
    from chezhe.servicing.profit import months, runs

    with transaction.atomic():
        _run, posting = _timed(lambda: runs.post(MONTH, by=SYSTEM))
    _month, one = _timed(lambda: months.months_between(MONTH, MONTH, TODAY))
    _six, six = _timed(lambda: months.months_between(date(2025, 12, 1), MONTH, TODAY))
    return {"funding_s": posting, "profit_s": one, "profit_six_s": six}


def _timed(act: Callable[[], Any]) -> tuple[Any, float]:
    begun = perf_counter()
    found = act()
    return found, round(perf_counter() - begun, 2)


if __name__ == "__main__":
    _report.main("monthend", run)
