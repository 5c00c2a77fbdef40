"""Loans with what is known of them, graded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from chezhe.finmath.ageing import FiveClass
from chezhe.servicing.models import Loan
from chezhe.servicing.quality import progress, reading, rules
from chezhe.servicing.quality.progress import Tell
from chezhe.servicing.quality.reading import Columns
from chezhe.servicing.quality.rules import CLASSES, REASONS, Book, Grades, History, Standards
from chezhe.servicing.quality.standards import standards_on
from chezhe.servicing.states import ON_BOOKS


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """Loans as columns with their grades, by the standards of a day."""

    on: date
    standards: Standards
    columns: Columns
    grades: Grades


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """One loan's class and stage, and the class that each reason gives (reasons that give none are left out)."""

    asset_class: FiveClass
    stage: int
    reasons: tuple[tuple[str, FiveClass], ...]


def grade_book(on: date, standards: Standards, tell: Tell | None = None) -> Graded:
    """The whole book as it stood on the evening of `on`; `tell` hears when it is read."""
    columns = reading.whole_book(on)
    if tell is not None:
        tell(progress.GRADING, 0, len(columns))
    return _graded(columns, on, standards, None)


def grade_evening(on: date, customers: Sequence[int] | None = None) -> Graded:
    """The loans of some borrowers, or the whole book, as they stood on an evening that is past; nothing is known beforehand of who is
    good. Raises ParameterMissing (409)."""
    standards = standards_on(on)
    columns = reading.whole_book(on, customers)
    return _graded(columns, on, standards, None if customers is None else columns.ids.tolist())


def grade_customers(customers: Sequence[int], on: date) -> Graded:
    """The running loans of some borrowers on the business date. Raises ParameterMissing (409)."""
    columns = reading.of_customers(customers, on)
    return _graded(columns, on, standards_on(on), columns.ids.tolist())


def quality_of(loan: Loan, on: date) -> Quality | None:
    """The class of one loan on the business date and why; None for a loan that does not run any more."""
    return None if loan.status not in ON_BOOKS else qualities(grade_customers([loan.customer_id], on)).get(loan.pk)


def qualities(graded: Graded) -> dict[int, Quality]:
    """By loan id."""
    return {
        loan_id: quality_at(graded.grades, at) for at, loan_id in enumerate(graded.columns.ids.tolist())
    }


def quality_at(grades: Grades, at: int) -> Quality:
    """The loan at one place of the columns."""
    given = [int(column) for column in grades.by_reason[:, at]]
    return Quality(
        asset_class=CLASSES[int(grades.asset_class[at])], stage=int(grades.stage[at]),
        reasons=tuple((reason, CLASSES[found]) for reason, found in zip(REASONS, given, strict=True) if found),
    )


def _graded(columns: Columns, on: date, standards: Standards, loans: Sequence[int] | None) -> Graded:
    book = _book(columns, on, standards, loans)
    return Graded(on=on, standards=standards, columns=columns, grades=rules.grade(book, standards))


def _book(columns: Columns, on: date, standards: Standards, loans: Sequence[int] | None) -> Book:
    """The columns with what people and the past hold the loans in; only few loans have such a past."""
    import numpy as np

    by_hand, observation, upgrade = (np.zeros(len(columns), dtype=np.int64) for _ in range(3))
    places = {loan_id: at for at, loan_id in enumerate(columns.ids.tolist())}
    for loan_id, asset_class in reading.hands(on, loans):
        if loan_id in places:
            at = places[loan_id]
            by_hand[at] = max(int(by_hand[at]), CLASSES.index(FiveClass(asset_class)))
    for loan_id, history in _histories(columns, on, loans).items():
        at = places[loan_id]
        observation[at], upgrade[at] = rules.held(history, int(columns.dpd[at]), on, standards)
    return Book(
        dpd=columns.dpd, exposure_fen=columns.exposure_fen, customer=columns.customer, is_company=columns.is_company,
        by_hand=by_hand, observation=observation, upgrade=upgrade,
    )


def _histories(columns: Columns, on: date, loans: Sequence[int] | None) -> dict[int, History]:
    """Of loans that were late for long, or paid such a one off, are watched or have easier terms; no other has a past that counts."""
    eased, refinanced = reading.eased(on, loans), reading.refinanced(on, loans)
    told = {
        loan_id: History(spells=(*refinanced.get(loan_id, ()), *spells), performing_since=since, observed_until=observed_until,
                         eased_on=eased.get(loan_id))
        for loan_id, spells, since, observed_until in zip(
            columns.ids.tolist(), columns.spells, columns.performing_since, columns.observed_until, strict=True)
        if spells or observed_until or loan_id in eased or loan_id in refinanced
    }
    dues = reading.due_dates([loan_id for loan_id, history in told.items() if history.spells or history.eased_on])
    begun = reading.observed_from([loan_id for loan_id, history in told.items() if history.spells and history.observed_until], on)
    return {
        loan_id: replace(history, due_dates=dues.get(loan_id, ()), observed_from=begun.get(loan_id)) for loan_id, history in told.items()
    }
