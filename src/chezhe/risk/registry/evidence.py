"""What models of borrowers are judged by: the facts of past live decisions as they were known then, and what became of the loans."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from chezhe.finmath.days import month_step
from chezhe.kernel import parameters
from chezhe.risk.deciding import champion, inputs, record, replaying
from chezhe.risk.deciding.models import Decision
from chezhe.risk.deciding.values import Value
from chezhe.risk.facts.definitions import BOOLEAN, DATE, TEXT
from chezhe.risk.relations import queries as relations
from chezhe.risk.relations.models import Outcome

TARGET: Final = "outcome"
# The newest so many decisions of a period are enough to judge a spread by; each is read whole.
DECISIONS_MAX: Final = 5000
AT_ONCE: Final = 500
WATCH_MONTHS, MATURITY_MONTHS, COHORT_MONTHS = "MODEL_WATCH_MONTHS", "MODEL_MATURITY_MONTHS", "MODEL_COHORT_MONTHS"


@dataclass(frozen=True, slots=True)
class Period:
    """Business days from `first` to `last`, both in it."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Seen:
    """One row as the machine saw it: the usable facts; `outcome` is 1 (bad) or 0, or the price, once it is known what came."""

    facts: dict[str, Value]
    outcome: float | None = None


def recent(on: date) -> Period:
    """The months by which it is judged who applies."""
    return Period(_earlier(on, parameters.count(WATCH_MONTHS, on)), on)


def matured(on: date) -> Period:
    """The decisions that are old enough for their loans to have shown what they are."""
    last = _earlier(on, parameters.count(MATURITY_MONTHS, on))
    return Period(_earlier(last, parameters.count(COHORT_MONTHS, on)), last)


def _earlier(on: date, months: int) -> date:
    return month_step(on, -months, on.day)


def applicants(purpose: str, period: Period) -> list[Seen]:
    """Everybody of this kind about whom a live decision was made in a period, each application once, by its last decision."""
    return [Seen(facts) for _row, facts in _decided(purpose, period)]


def borrowers(purpose: str, period: Period, known_at: datetime) -> list[Seen]:
    """Those of them whose loan is known to have turned bad within the time of maturity, or not to have.

    Whoever was declined has no loan with us; a loan of which nothing was reported yet is left out, never counted as good.
    """
    months = parameters.count(MATURITY_MONTHS, period.last)
    found: list[Seen] = []
    decided = _decided(purpose, period)
    while some := list(islice(decided, AT_ONCE)):
        lent = [(row, facts) for row, facts in some if row.outcome != "declined"]
        told = outcomes_of({subject for row, _facts in lent for subject in (row.subject, row.customer.subject)}, known_at)
        for row, facts in lent:
            bad = turned_bad(told.get(row.subject) or told.get(row.customer.subject) or [], row.business_date, months)
            if bad is not None:
                found.append(Seen(facts, bad))
    return found


def outcomes_of(subjects: Collection[str], known_at: datetime) -> dict[str, list[Outcome]]:
    """What was reported of applications and customers by a moment, by subject."""
    found: dict[str, list[Outcome]] = {}
    for one in relations.told_by(known_at).filter(subject__in=subjects):
        found.setdefault(one.subject, []).append(one)
    return found


def turned_bad(told: Iterable[Outcome], decided_on: date, months: int) -> int | None:
    """1 for a loan that turned bad in time, 0 for one of which anything else is known, None for one of which nothing is."""
    limit = month_step(decided_on, months, decided_on.day)
    later = [one for one in told if one.on > decided_on]
    if any(one.kind == "bad" and one.on <= limit for one in later):
        return 1
    return 0 if later else None


def _decided(purpose: str, period: Period) -> Iterator[tuple[Decision, dict[str, Value]]]:
    rows = Decision.objects.filter(kind="live", business_date__gte=period.first, business_date__lte=period.last)
    seen: set[str] = set()
    for row in rows.select_related("customer").order_by("-id")[:DECISIONS_MAX].iterator(chunk_size=AT_ONCE):
        if row.subject in seen:
            continue
        seen.add(row.subject)
        facts = facts_of(row)
        if champion.scored_as(str(facts.get("borrower_kind") or "")) == purpose:
            yield row, facts


def facts_of(row: Decision) -> dict[str, Value]:
    """The usable facts of a decision's record; none of one that was altered: it proves nothing."""
    try:
        given = inputs.usable(record.facts_of(replaying.told(row)))
    except (replaying.Altered, ValueError, KeyError):
        return {}
    return {code: one.value for code, one in given.items() if one.value is not None}


def table_of(seen: Sequence[Seen], columns: Iterable[str], types: Mapping[str, str]) -> Any:
    """The rows as an Arrow table with these columns, each of its type, and `outcome` where it is known."""
    import pyarrow as pa  # type: ignore[import-untyped]

    kinds = {BOOLEAN: pa.bool_(), TEXT: pa.string(), DATE: pa.date32()}
    made = {
        code: pa.array([_plain(one.facts.get(code)) for one in seen], type=kinds.get(types[code], pa.float64()))
        for code in columns
    }
    if all(one.outcome is not None for one in seen):
        made[TARGET] = pa.array([one.outcome for one in seen], type=pa.float64())
    return pa.table(made)


def _plain(value: Value | None) -> Any:
    return float(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value
