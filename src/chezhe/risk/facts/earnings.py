"""Verified income of people as facts have it at a moment (`earning`), by the figures of that day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from chezhe.kernel import parameters
from chezhe.kernel.clock import SHANGHAI
from chezhe.kernel.models import Parameter
from chezhe.risk.facts import earning, queries
from chezhe.risk.facts.earning import Earned, Evidence, Figures
from chezhe.risk.facts.queries import Assembled
from chezhe.risk.facts.rules import CONTRADICTED, Told

MULTIPLE, CONFLICT = "INSURED_INCOME_MULTIPLE", "INCOME_CONFLICT_RATE"
PARAMETERS: Final = (MULTIPLE, CONFLICT)


def figures_of(rows: Mapping[str, Parameter]) -> Figures | None:
    """The figures among rows of parameters; None where one is missing."""
    if MULTIPLE not in rows or CONFLICT not in rows:
        return None
    return Figures(Decimal(rows[MULTIPLE].value), Decimal(rows[CONFLICT].value))


def figures_on(on: date) -> Figures | None:
    """The figures of a day."""
    return figures_of(parameters.find_all(PARAMETERS, on))


def figures_at(at: datetime) -> Figures | None:
    """The figures of the day of a moment."""
    return figures_on(at.astimezone(SHANGHAI).date())


def evidence_of(seen: Assembled) -> Evidence:
    """What is known of one person, as sources of income."""
    return earning.evidence(seen.values, _sources(seen), seen.codes(CONTRADICTED))


def statement_code(seen: Assembled) -> str:
    """Under which name the income of the statement stands among what was assembled of one person."""
    return earning.statement_code(seen.values, _sources(seen), seen.codes(CONTRADICTED))


def _sources(seen: Assembled) -> dict[str, str]:
    """Who told each code, also what is no value."""
    lost = {code: one.told[-1].source for code, one in seen.unknown.items() if one.told}
    return lost | {code: one.source for code, one in seen.known.items()}


def earned_of(seen: Assembled, at: datetime) -> Earned:
    """The verified income that follows from what was assembled of one person."""
    return earning.earned(evidence_of(seen), figures_at(at))


def earned_each(subjects: Sequence[str], at: datetime) -> dict[str, Earned]:
    """The verified income of each of these people."""
    figures = figures_at(at)
    return {subject: earning.earned(evidence_of(seen), figures) for subject, seen in queries.assembled_each(subjects, at).items()}


def with_income(seen: Assembled, at: datetime) -> Assembled:
    """The same with the income as it follows at this moment; no fact is kept of it. Where none does, it has the fault of the statement's
    own."""
    found = earned_of(seen, at)
    if found.monthly is None:
        shown = seen.unknown.get(earning.STATEMENT)
        return queries.with_lost(seen, replace(shown, code=earning.VERIFIED)) if shown is not None and shown.told else seen
    for code, value in ((earning.VERIFIED, found.monthly), (earning.SOURCE, found.source)):
        seen = queries.with_told(seen, code, Told(value, earning.DERIVED, at), at)
    return seen
