"""A loan's whole life lived again: 36 months in which something is paid every day, and lives of one, twelve and 23 months.

What a page, a payment found late and the night's proof do for one loan. No database.
"""

from __future__ import annotations

import os
from argparse import Namespace
from datetime import date, timedelta
from decimal import Decimal
from time import perf_counter, process_time
from typing import Any

from bench import _report
from chezhe.finmath import schedule
from chezhe.finmath.allocation import AllocationRule
from chezhe.finmath.contract import ContractTerms
from chezhe.finmath.penalty import PenaltyRule
from chezhe.finmath.settlement import SettlementRule
from chezhe.finmath.terms import DayCount, Method, QuoteTerms
from chezhe.servicing import rules
from chezhe.servicing.position import Incoming, Position, fold

START, PERIODS, TIMES = date(2026, 1, 15), 36, 7
TERMS = ContractTerms(
    plan=QuoteTerms(
        principal_fen=10_000_000, method=Method.EQUAL_INSTALMENT, periods=PERIODS, annual_rate=Decimal("0.12"), start_date=START,
        day_count=DayCount.ACT_365,
    ),
    penalty=PenaltyRule(annual_rate=Decimal("0.18")), allocation=AllocationRule(), settlement=SettlementRule(),
)


def run(_asked: Namespace) -> dict[str, Any]:
    """Prints and returns the figures; `failures` when the life lived again ends otherwise than it did day by day."""
    rows = schedule.build(TERMS.plan)
    opening = rules.opening(TERMS, rules.arrays(rows), START, rules.Promised())
    days = (rows[-1].due_date - START).days
    daily = [Incoming(on=START + timedelta(days=day), source="1002.01", amount_fen=10_500) for day in range(1, days)]
    whole = _timed(opening, daily, rows[-1].due_date)
    ages = {}
    for age in (30, 365, 700):
        came = [Incoming(on=row.due_date, source="1002.01", amount_fen=row.total_fen) for row in rows if (row.due_date - START).days < age]
        ages[age] = _timed(opening, came, START + timedelta(days=age))
    found = {
        "events": len(daily), "load": round(os.getloadavg()[0], 1), "replay_ms": whole["ms"], "replay_cpu_ms": whole["cpu_ms"],
        "replay_by_age_ms": {str(age): one["cpu_ms"] for age, one in ages.items()},
        "failures": _piecewise(opening, daily, rows[-1].due_date),
    }
    print(f"重演 replay: 36 months with {len(daily):,} payments {whole['ms']} ms ({whole['cpu_ms']} ms of processor), best of {TIMES}; "
          f"load {found['load']}\n  paid on the day, lived again at an age of (days: ms of processor) {found['replay_by_age_ms']}")
    return found


def _timed(opening: Position, came: list[Incoming], to: date) -> dict[str, float]:
    elapsed, processor = [], []
    for _ in range(TIMES):
        begun, cpu = perf_counter(), process_time()
        fold(opening, came, to)
        elapsed.append(perf_counter() - begun)
        processor.append(process_time() - cpu)
    return {"ms": round(min(elapsed) * 1000, 2), "cpu_ms": round(min(processor) * 1000, 2)}


def _piecewise(opening: Position, came: list[Incoming], to: date) -> list[str]:
    """The same life in two parts must end in the same position."""
    half = len(came) // 2
    first, _ = fold(opening, came[:half], came[half - 1].on)
    parts, _ = fold(first, came[half:], to)
    return [] if parts == fold(opening, came, to)[0] else ["the life in two parts ends otherwise than at one go"]


if __name__ == "__main__":
    _report.main("replay", run)
