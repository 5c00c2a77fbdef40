"""Which arm of a live trial judges an application. The trials say so; while nobody has registered, everything is judged as it is in force.

A table that was tried is asked for by its hash when an old decision is decided again: what a trial holds was published nowhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chezhe.decisiontables.closures import Compiled
from chezhe.risk.deciding.values import Strategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """What is decided ("application:A26-…"), for whom ("customer:C26-…"), and of which kind the borrower is (`person`, `company`, empty
    while unknown)."""

    subject: str
    customer: str
    borrower_kind: str


@dataclass(frozen=True, slots=True)
class Source:
    """`judging` gives the strategy of the applicant's arm, from the one in force; `table` whatever was once tried, by its hash."""

    judging: Callable[[Strategy, Applicant], Strategy]
    table: Callable[[str], Compiled | None]


_sources: list[Source] = []


def register(source: Source) -> None:
    """Let the trials answer; called once at start-up."""
    _sources.append(source)


def strategy_for(in_force: Strategy, applicant: Applicant) -> Strategy:
    """The strategy that judges: the one in force, or that of the applicant's arm, which carries the name of the trial."""
    return _sources[-1].judging(in_force, applicant) if _sources else in_force


def table_called(content_hash: str) -> Compiled | None:
    """A table that a trial holds, ready to be asked; None for a hash that none does."""
    return next((found for source in _sources if (found := source.table(content_hash)) is not None), None)
