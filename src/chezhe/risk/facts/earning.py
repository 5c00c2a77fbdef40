"""Verified income from what a statement shows and what somebody is insured on (pure): docs/facts.md, "Verified income"."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any, Final

from chezhe.risk.facts.rules import CONFIRMED

# The statement's income; facts of before social insurance was asked have it under the second name.
STATEMENT: Final = "income_statement_monthly"
VERIFIED: Final = "income_verified_monthly"
DECLARED: Final = "income_declared_monthly"
SOURCE: Final = "income_source"
CONTRADICTED: Final = "income_contradicted"
GAP: Final = "income_gap_rate"
INSURED: Final = ("insured_now", "insured_by_employer", "insured_base_monthly", "insured_base_capped", "insured_months_unbroken")
CODES: Final = (STATEMENT, VERIFIED, DECLARED, "salary_months_6m", *INSURED)
BY_STATEMENT, BY_INSURANCE, BY_BOTH, BY_HAND = "statement", "insured", "both", "confirmed"
# So many wages in six months make an income one of wages, and so many months paid in a row make a base one to go by.
WAGES_MIN, INSURED_MONTHS_MIN = 3, 3
DERIVED: Final = "decision"
_STEP = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Figures:
    """Of policy: a wage counts up to `multiple` times the base; a declared income that lies above both sources by more than the fraction
    `conflict_rate` contradicts them."""

    multiple: Decimal
    conflict_rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A person's month in fen by each source; None is unknown. `base` is None unless an employer pays in on it now, and has for a while;
    `is_capped`: it is the highest that may be paid on. `is_wages`: the statement shows wages. `is_confirmed`: a person settled the
    statement's figure. `is_disputed`: sources contradict each other about it, and nobody has."""

    declared: int | None = None
    statement: int | None = None
    is_wages: bool = False
    is_confirmed: bool = False
    is_disputed: bool = False
    base: int | None = None
    is_capped: bool = False


@dataclass(frozen=True, slots=True)
class Earned:
    """`monthly` in fen, and what it rests on; `is_contradicted` is None while there is no income, or no figure to judge by."""

    monthly: int | None
    source: str = ""
    is_contradicted: bool | None = None


NOTHING: Final = Earned(None)


def earned(told: Evidence, figures: Figures | None) -> Earned:
    """The lowest of what sound sources allow: the statement's income, of wages at most so many times the insured base (a base at its
    ceiling says nothing of how much more there is), and never more than was declared. Without a statement the base itself counts.

    Without figures of the day the base counts for nothing, and whether there is a contradiction is unknown.
    """
    base = None if figures is None else told.base
    if told.is_disputed or (told.statement is None and base is None):
        return NOTHING
    found, source = _allowed(told, base, figures)
    monthly = found if told.declared is None else min(found, told.declared)
    return Earned(monthly, source, None if figures is None else _contradicts(told, figures))


def _allowed(told: Evidence, base: int | None, figures: Figures | None) -> tuple[int, str]:
    if told.statement is None:
        return base or 0, BY_INSURANCE
    if told.is_confirmed:
        return told.statement, BY_HAND
    if base is None or figures is None:
        return told.statement, BY_STATEMENT
    if told.is_capped or not told.is_wages:
        return told.statement, BY_BOTH
    return min(told.statement, int((base * figures.multiple).to_integral_value(ROUND_FLOOR))), BY_BOTH


def _contradicts(told: Evidence, figures: Figures) -> bool:
    """Whether the declared income lies above what both sources show. Who has takings beside an insured job may earn both."""
    if told.declared is None or told.statement is None or told.base is None or told.is_capped or told.is_confirmed:
        return False
    shown = max(told.statement, told.base) if told.is_wages else told.statement + told.base
    return told.declared > shown * (1 + figures.conflict_rate)


def statement_code(values: Collection[str], sources: Mapping[str, str], disputed: Collection[str] = ()) -> str:
    """Under which name the statement's income stands. One that was refused or is too old hides what stood under the old name before it."""
    is_told = any(STATEMENT in told for told in (values, sources, disputed))
    return STATEMENT if is_told or sources.get(VERIFIED) == DERIVED else VERIFIED


def evidence(values: Mapping[str, Any], sources: Mapping[str, str], disputed: Collection[str] = ()) -> Evidence:
    """What facts say: values by code, of each the source that told it (also of what is no value), and the codes about which sources
    contradict each other."""
    code = statement_code(values, sources, disputed)
    months = values.get("insured_months_unbroken")
    is_sound = values.get("insured_now") is True and values.get("insured_by_employer") is True and (months or 0) >= INSURED_MONTHS_MIN
    return Evidence(
        declared=values.get(DECLARED), statement=values.get(code), is_wages=(values.get("salary_months_6m") or 0) >= WAGES_MIN,
        is_confirmed=sources.get(code) == CONFIRMED, is_disputed=code in disputed,
        base=values.get("insured_base_monthly") if is_sound else None, is_capped=values.get("insured_base_capped") is not False,
    )


def gap(declared: int | None, verified: int | None) -> Decimal | None:
    """By which fraction of the verified income the declared one is higher; None without both."""
    if declared is None or not verified:
        return None
    return (Decimal(declared - verified) / verified).quantize(_STEP, ROUND_HALF_UP)
