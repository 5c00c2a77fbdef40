"""Every rule of a day stands once: whoever changes it changes it for one loan and for a million.

Each rule in turn is put aside for another one. Shard and fold must then still say the same of every loan, and something else than
before: a path with a copy of its own would go on as it did. The shard runs the plain functions here, which are those that are compiled.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from chezhe.finmath import compiled, kernels, shares
from chezhe.finmath import daily_kernels as daily
from chezhe.finmath.level import rate_units
from chezhe.finmath.terms import DayCount
from chezhe.finmath.vector_shares import DAY_COUNTS
from chezhe.ledger import chart
from chezhe.servicing import rules
from chezhe.servicing.endofday import reading, working
from chezhe.servicing.endofday.reading import Touched
from chezhe.servicing.position import Incoming, Position, advance, take
from chezhe.servicing.tests.test_day_step import happened_of, line_of, state_of
from chezhe.servicing.tests.test_position import START, TERMS, loan

THIRTY = replace(TERMS, day_count=DayCount.THIRTY_360, first_day_count=DayCount.THIRTY_360)
FLAT = replace(TERMS, annual_rate=None)
# Day of the loan's life and fen that came in: never, twice as much ahead, late, and just what is asked.
LIVES: list[tuple[Any, list[tuple[int, int]]]] = [
    (TERMS, []), (THIRTY, [(3, 1_000_000), (50, 1_000_000)]), (FLAT, [(40, 332_143), (65, 332_143)]), (replace(TERMS, off_book_after_days=30), []),
    (THIRTY, [(20, 332_143), (40, 332_143), (70, 332_143)]), (FLAT, [(80, 1_400_000)]),
]
DAYS = 130


@cache
def mornings() -> list[tuple[date, list[Position]]]:
    """Of every day the loans for which something happens by the next morning, as they stood, once their first line is behind them."""
    found: dict[date, list[Position]] = {}
    for terms, money in LIVES:
        position = loan(terms)
        for day in range(1, DAYS):
            to = START + timedelta(days=day)
            coming = rules.next_event_on(position)
            if coming is not None and coming <= to and position.recognised:
                found.setdefault(to, []).append(position)
            position, _ = advance(position, to)
            for at, fen in money:
                if at == day:
                    position, _ = take(position, Incoming(on=to, source=chart.BANK, amount_fen=fen))
    return sorted(found.items(), key=lambda pair: pair[0])


def rows_of(positions: Sequence[Position]) -> Touched:
    """As a shard reads them."""

    def column(value: Callable[[Position], int]) -> Any:
        return np.array([value(position) for position in positions], dtype=np.int64)

    none = np.zeros(len(positions), dtype=np.int64)
    return Touched(
        states=np.array([state_of(position) for position in positions], dtype=np.int64),
        lines=np.array([line_of(position) for position in positions], dtype=np.int64), ids=np.arange(len(positions)), branches=none,
        versions=none, running_from=column(lambda position: position.lines[position.recognised].line.from_date.toordinal()),
        next_interest=column(lambda position: position.lines[position.recognised + 1].line.interest_fen), is_replanned=none,
        has_arrears=none, runs_on=column(lambda position: reading.RUNS_ON.index(
            rules.FLAT if position.terms.annual_rate is None else position.terms.day_count.value)),
        rate_units=column(lambda position: rate_units(position.terms.annual_rate or Decimal(0))), bases=none, denominators=none,
        places=none, writers=none, numbers=["L"] * len(positions), weights=[0] * len(positions), origins=[0] * len(positions),
    )


def by_arrays() -> list[Any]:
    found: list[Any] = []
    for to, positions in mornings():
        worked = working.work(rows_of(positions), to)
        told: list[Any] = [None] * len(positions)
        for at, place in enumerate(worked.done.tolist()):
            told[place] = (
                worked.loans.states[place].tolist(), worked.happened[place].tolist(), worked.next_due[at], worked.next_event[at],
                DAY_COUNTS[worked.shares.bases[at]], worked.shares.denominators[at], worked.shares.weights[at], worked.shares.origins[at],
            )
        found += told
    return found


def by_fold() -> list[Any]:
    found = []
    for to, positions in mornings():
        for position in positions:
            after, effects = advance(position, to)
            kept = rules.cache(after)
            due, event = (on.toordinal() if on else 0 for on in (kept.next_due_on, kept.next_event_on))
            part = kept.share
            found.append((state_of(after), happened_of(effects), due, event, part.day_count, part.denominator, part.weight, part.origin))
    return found


def both() -> tuple[list[Any], list[Any]]:
    """What shard and fold say of the loans that the shard decides."""
    arrays, fold = by_arrays(), by_fold()
    decided = [at for at, told in enumerate(arrays) if told is not None]
    assert len(decided) > 12
    return [arrays[at] for at in decided], [fold[at] for at in decided]


def otherwise(plain: Callable[..., Any], change: Callable[[Any], Any]) -> Callable[..., Any]:
    return lambda *words, **named: change(plain(*words, **named))


_next_mark, _spread, _part_of = daily.next_mark, kernels.spread, shares.part_of
OTHERS: dict[str, tuple[Sequence[ModuleType], Callable[..., Any]]] = {
    "next_mark": ((daily,), lambda reached, marks: _next_mark(reached, [mark + 1 for mark in marks])),
    "off_from": ((daily,), otherwise(daily.off_from, lambda dpd: dpd + 1)),
    "night_ahead": ((daily,), otherwise(daily.night_ahead, lambda night: night and night + 1)),
    "coming": ((daily,), lambda night, due, to: daily.LINE if 0 < due < to else daily.NIGHT if 0 < night < to else daily.NOTHING),
    "grown_older": ((daily,), otherwise(daily.grown_older, lambda made: (made[0] + 1, 0, made[2]))),
    "fallen_due": ((daily,), otherwise(daily.fallen_due, lambda made: (made[0], made[1] + 1))),
    "earning_until": ((daily,), lambda due, is_off: due),
    "next_morning": ((daily,), otherwise(daily.next_morning, lambda morning: morning and morning + 1)),
    "oldest_after": ((daily, kernels), lambda oldest, due, unpaid: oldest or (due + 1 if unpaid > 0 else 0)),
    "spread": ((daily, kernels), lambda amount, *words: _spread(amount - 1, *words) + 1),
    "basis_of": ((shares,), lambda day_count, *, is_flat: DayCount.ACT_ACT),
    "scale_of": ((shares,), otherwise(shares.scale_of, lambda scale: 2 * scale)),
    "day_units": ((shares,), otherwise(shares.day_units, lambda units: units + 1)),
    "speed": ((shares,), otherwise(shares.speed, lambda made: (2 * made[0], made[1], made[2]))),
    "part_of": ((shares,), otherwise(shares.part_of, lambda made: (made[0], made[1] + 1))),
    "has_earned": ((shares,), lambda weight, units, interest, denominator: (weight > 0) & (units >= 20)),
}
# What carries the rules of a day out on a row and on arrays, and is no rule.
CARRIES = {"day_step", "_grow_older", "_is_beyond", "_fall_due", "day_loop", "morning_loop"}


def test_shard_and_fold_say_the_same() -> None:
    arrays, fold = both()
    assert arrays == fold


@pytest.mark.parametrize("name", OTHERS)
def test_another_rule_is_another_for_both(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before, _ = both()
    modules, other = OTHERS[name]
    for module in modules:
        assert hasattr(module, name)
        monkeypatch.setattr(module, name, other)
    arrays, fold = both()
    assert arrays == fold
    assert arrays != before


def test_no_rule_of_a_day_is_forgotten_here() -> None:
    assert {name for name, _function in compiled.own_functions(daily)} == CARRIES | {name for name, (at, _) in OTHERS.items() if at == (daily,)}
