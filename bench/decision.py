"""One decision after the other in this process, facts already there: features, tables, score, reasons and the record; then the parts alone.

People are invented, with what a source now and then does not tell; the shipped tables judge them, and the card of the registry scores them.

The floor is the insert of an empty decision in a transaction of its own: what the database takes whatever is decided.
"""

from __future__ import annotations

import os
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random
from time import perf_counter, process_time
from typing import Any

from bench import _own, _report

WARM, DECISIONS, ALONE, CUSTOMERS = 30, 600, 2_000, 40
SEED, WANTING_SHOWN = 7, 5
P50_MAX_MS, TABLE_MAX_US = 20.0, 100.0


def run(asked: Namespace) -> dict[str, Any]:
    """Prints and returns the figures; `failures` when a decision made again gives other bytes. `--loans` says how many decisions."""
    with _own.database("bench_decision"):
        return _measure(asked.loans or DECISIONS)


def _measure(count: int) -> dict[str, Any]:
    from chezhe.kernel import business_date, clock, jobs
    from chezhe.kernel.testing import moment
    from chezhe.risk.deciding import assembling, proof

    with clock.at(moment("2026-03-16 10:00")), jobs.in_line():
        business_date.open_day(clock.now().date())
        rounds, at = _rounds(count + WARM), clock.now() + timedelta(seconds=1)
        whole = _whole(rounds, at)
        mix, failures = _mix(), [proof.words(found) for found in proof.replays() if not found.is_same][:10]
        case, _figures = assembling.case_at(rounds[0].asked, at)
        alone, tables, floor = _alone(case), _tables(case), _floor(rounds[0], at, count)
    return _told(count, whole, {"strategy_us": alone, "tables_us": tables, "floor_ms": floor}, mix, failures)


def _mix() -> dict[str, Any]:
    """Which card scored, what came out, and what was wanting most often where people are to decide; all that were decided, warm or not."""
    from chezhe.risk.deciding.models import Decision
    from chezhe.risk.registry import queries as registry

    card, outcomes, wanting = registry.active("person"), Counter[str](), Counter[str]()
    for outcome, unknown in Decision.objects.values_list("outcome", "unknown"):
        outcomes[outcome] += 1
        wanting.update(unknown if outcome == "referred" else ())
    named = "" if card is None else f"{card.number}{' (shipped)' if card.is_shipped else ''}"
    return {"model": named, "outcomes": dict(outcomes.most_common()), "wanting": dict(wanting.most_common(WANTING_SHOWN))}


def _told(count: int, whole: dict[str, Any], parts: dict[str, float], mix: dict[str, Any], failures: list[str]) -> dict[str, Any]:
    p50, p95 = (round(_report.percentile(whole["elapsed"], share) * 1000, 2) for share in (0.5, 0.95))
    found = {
        "decisions": count, "p50_ms": p50, "p95_ms": p95, "per_second_per_core": round(count / whole["processor"]),
        "statements": whole["statements"], **parts, "one_table_us": round(parts["tables_us"] / 7, 1),
        "times_floor": round(p50 / parts["floor_ms"], 1), **mix,
        "failures": failures if mix["model"] else [*failures, "no card scores people"],
    }
    outcomes, wanting = (", ".join(f"{code} {times}" for code, times in mix[name].items()) or "–" for name in ("outcomes", "wanting"))
    print(f"决策 decisions: {count}, p50 {p50} ms, p95 {p95} ms ({P50_MAX_MS} ms promised), "
          f"{found['per_second_per_core']} a second and core, {found['statements']} statements; load {os.getloadavg()[0]:.1f}\n"
          f"  strategy alone {found['strategy_us']} µs, its tables {found['tables_us']} µs, one of them {found['one_table_us']} µs "
          f"({TABLE_MAX_US} µs promised)\n  an empty insert {found['floor_ms']} ms: a decision takes {found['times_floor']} times that\n"
          f"  scored by {mix['model'] or 'nobody'}: {outcomes}; wanting where people decide: {wanting}")
    return found


def _rounds(count: int) -> list[Any]:
    """Applications of a few dozen customers, of whom all is known that the sources tell of such people."""
    from django.db import transaction

    from chezhe.kernel import clock
    from chezhe.risk.deciding.models import DecisionRound
    from chezhe.risk.facts import steps as fact_steps
    from chezhe.risk.tests.deciding.telling import CAR, FIGURES, FORWARD, PERSON, RELATED, SHARED, asking, tell
    from chezhe.simulation import people
    from chezhe.staff import steps as staff_steps
    from chezhe.staff.models import User

    list(people.settle_in(clock.now()))
    seller, at, made = staff_steps.actor_for(User.objects.get(username="hz.sales"), clock.now()), clock.now(), []
    with transaction.atomic():
        customers = _customers(seller)
        for customer, (known, silent) in zip(customers, _lives(tuple(PERSON)), strict=True):
            tell(customer, without=silent, **known)
        for serial in range(count):
            customer, subject = customers[serial % CUSTOMERS], f"application:A26-{serial:06d}-0"
            question = asking(customer, seller, subject=subject)
            known = {**FIGURES, **FORWARD, **CAR, **RELATED, **SHARED}
            fact_steps.record_facts(subject, known, source="application", known_at=at)
            made.append(DecisionRound.objects.create(
                subject=subject, kind="live", branch_id=customer.branch_id, owner_id=seller.user_id, customer=customer,
                asked=question.as_json(), asked_at=at, due_at=at,
            ))
    return made


def _lives(codes: Sequence[str]) -> list[tuple[dict[str, Any], tuple[str, ...]]]:
    """Of each invented person what the sources tell of these codes, and which of them they are silent about."""
    from chezhe.risk.lab import generating

    rows = list(generating.applications(CUSTOMERS, SEED))
    told = {code for row in rows for code in row} & set(codes)
    return [({code: row[code] for code in told if code in row}, tuple(told - set(row))) for row in rows]


def _customers(seller: Any) -> list[Any]:
    from chezhe.customers import steps
    from chezhe.kernel import clock
    from chezhe.simulation import lives

    found, rng, today = [], Random(7), clock.now().date()
    while len(found) < CUSTOMERS:
        person = lives.invent(rng, "HZ01", today, ("walk_in",)).person
        if person is not None:
            found.append(steps.create_person(person, branch_id=seller.branch_id, owner_id=seller.user_id, on=today, by=seller))
    return found


def _whole(rounds: Sequence[Any], at: Any) -> dict[str, Any]:
    """What one decision takes from the round to the committed record; the first few are not counted."""
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from chezhe.kernel import appending
    from chezhe.risk.deciding import steps

    def decide(waiting: Any) -> None:
        with transaction.atomic(), appending.together():
            steps.decided(waiting, at)

    for waiting in rounds[:WARM - 1]:
        decide(waiting)
    with CaptureQueriesContext(connection) as asked:
        decide(rounds[WARM - 1])
    elapsed, begun = [], process_time()
    for waiting in rounds[WARM:]:
        start = perf_counter()
        decide(waiting)
        elapsed.append(perf_counter() - start)
    return {"elapsed": elapsed, "processor": process_time() - begun, "statements": len(asked)}


def _alone(case: Any) -> float:
    """Microseconds of the strategy without a database."""
    from chezhe.risk.deciding import rules

    return _microseconds(lambda: rules.decide(case))


def _tables(case: Any) -> float:
    """Microseconds of the seven tables, traces included."""
    known = {code: given.value for code, given in case.facts.items() if given.value is not None}
    known |= {"score": 660, "tier": "A", "exceptions": 0, "unknown_facts": 0}
    tables = [policy.table for policy in case.strategy.policies.values()]
    return _microseconds(lambda: [table.evaluate(known) for table in tables])


def _microseconds(work: Callable[[], Any]) -> float:
    for _ in range(ALONE // 20):
        work()
    begun = process_time()
    for _ in range(ALONE):
        work()
    return round((process_time() - begun) / ALONE * 1_000_000, 1)


def _floor(waiting: Any, at: Any, count: int) -> float:
    """Milliseconds, median, of writing a decision that says nothing."""
    from django.db import transaction

    from chezhe.kernel import appending
    from chezhe.risk.deciding.models import Decision

    elapsed = []
    for serial in range(count):
        row = Decision(
            number=f"DC00-{serial:06d}-0", subject="book:0", kind="shadow", branch_id=waiting.branch_id, owner_id=waiting.owner_id,
            customer_id=waiting.customer_id, decided_at=at, business_date=at.date(), outcome="referred", route="review", record="{}",
            digest="0" * 64, trial="", arm="",
        )
        start = perf_counter()
        with transaction.atomic():
            appending.insert(row)
        elapsed.append(perf_counter() - start)
    return round(_report.percentile(elapsed, 0.5) * 1000, 2)


if __name__ == "__main__":
    _report.main("decision", run)
