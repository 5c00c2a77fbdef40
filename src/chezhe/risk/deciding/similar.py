"""Past cases that look like this one, the nearest by a few figures, each measured in its own spread, and what became of their loans."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from chezhe.kernel import clock
from chezhe.kernel.actor import Actor
from chezhe.risk.deciding import queries
from chezhe.risk.deciding.models import Decision
from chezhe.risk.relations import queries as relations
from chezhe.risk.relations.models import Outcome

LOOKED_AT: Final = 2_000
SHOWN: Final = 20
# A figure that one of two cases lacks counts as far apart as one spread.
UNKNOWN_APART: Final = 1.0


@dataclass(frozen=True, slots=True)
class Similar:
    """A past decision, how far away it is (0 is the same in every figure), and the outcome of its loan that was told so far, if any."""

    decision: Decision
    distance: float
    became: Outcome | None = None


def nearest(decision: Decision, actor: Actor) -> list[Similar]:
    """The nearest decisions in reach that had been made by then, the nearest first; of each application the last one."""
    rows = queries.visible(actor).filter(decided_at__lt=decision.decided_at).exclude(subject=decision.subject).exclude(kind="shadow")
    past = list({row.subject: row for row in reversed(rows.order_by("-id")[:LOOKED_AT])}.values())
    if not past:
        return []
    spreads = _spreads([_figures(row) for row in (*past, decision)])
    mine = _figures(decision)
    found = [Similar(row, _distance(mine, _figures(row), spreads)) for row in past]
    shown = sorted(found, key=lambda one: (one.distance, -one.decision.pk))[:SHOWN]
    told = relations.outcomes_of([one.decision.subject for one in shown], clock.now())
    return [replace(one, became=told.get(one.decision.subject)) for one in shown]


def _figures(row: Decision) -> tuple[float | None, ...]:
    """The amount counts by its order of magnitude."""
    return (
        math.log(row.amount.fen) if row.amount is not None and row.amount.fen > 0 else None,
        None if row.ltv is None else float(row.ltv), None if row.dti is None else float(row.dti),
        None if row.score is None else float(row.score), None if row.periods is None else float(row.periods),
    )


def _spreads(rows: Sequence[tuple[float | None, ...]]) -> list[float]:
    """The standard deviation of each figure, one where it has none."""
    return [_spread([value for value in column if value is not None]) for column in zip(*rows, strict=True)]


def _spread(values: Sequence[float]) -> float:
    if len(values) < 2:
        return 1.0
    mean = sum(values) / len(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / len(values)) or 1.0


def _distance(one: Sequence[float | None], other: Sequence[float | None], spreads: Sequence[float]) -> float:
    apart = [
        0.0 if a is None and b is None else UNKNOWN_APART if a is None or b is None else (a - b) / spread
        for a, b, spread in zip(one, other, spreads, strict=True)
    ]
    return math.sqrt(sum(value * value for value in apart))
