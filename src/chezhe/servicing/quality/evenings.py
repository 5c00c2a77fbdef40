"""Class and stage of the whole book on an evening: the rule of one loan, asked of the borrowers of whom there is anything to ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from chezhe.finmath.ageing import FiveClass
from chezhe.kernel.parameters import ParameterMissing
from chezhe.servicing.quality import grading
from chezhe.servicing.quality.grading import Graded
from chezhe.servicing.quality.rules import CLASSES
from chezhe.servicing.states import ON_BOOKS

GOOD = (FiveClass.NORMAL.value, 1)
NONE = (None, None)
# Borrowers with a loan that is late, was late for long, is watched, held down, extended, or paid another one off. All loans of the
# others are normal and of stage 1, whatever the figures are.
_BORROWERS = """
SELECT customer_id FROM servicing_loan WHERE oldest_due_on < %(on)s OR arrears IS NOT NULL OR observed_until IS NOT NULL
UNION SELECT l.customer_id FROM servicing_classdowngrade d JOIN servicing_loan l ON l.id = d.loan_id
  WHERE d.downgraded_on <= %(on)s AND (d.lifted_on IS NULL OR d.lifted_on > %(on)s)
UNION SELECT l.customer_id FROM servicing_loanevent e JOIN servicing_loan l ON l.id = e.loan_id
  WHERE e.kind = 'extended' AND e.value_on <= %(on)s
UNION SELECT l.customer_id FROM contracts_refinancing f JOIN servicing_loan l ON l.contract_id = f.contract_id
"""


@dataclass(frozen=True, slots=True)
class Evening:
    """Class and stage by loan id, where they are not (or might not be) those of a good loan."""

    found: Mapping[int, tuple[str, int]]

    def of(self, loan_id: int, status: str) -> tuple[str | None, int | None]:
        """Of one loan as its row stands; nothing of a loan that does not run any more."""
        return self.found.get(loan_id, GOOD) if status in ON_BOOKS else NONE


def of_book(on: date) -> Evening | None:
    """The book as its rows stand, for the evening of `on`; None in a house without figures of classification for that day."""
    with connection.cursor() as cursor:
        cursor.execute(_BORROWERS, {"on": on})
        borrowers = [customer for (customer,) in cursor.fetchall()]
    return _evening(lambda: grading.grade_customers(borrowers, on))


def again(on: date, customers: Sequence[int] | None = None) -> Evening | None:
    """The book, or the loans of these borrowers, as they stood on an evening that is past, by what is known today; None as `of_book`."""
    return _evening(lambda: grading.grade_evening(on, customers))


def _evening(grade: Callable[[], Graded]) -> Evening | None:
    try:
        graded = grade()
    except ParameterMissing:
        return None
    ids, grades = graded.columns.ids.tolist(), graded.grades
    found = {
        loan_id: (CLASSES[at].value, stage)
        for loan_id, at, stage in zip(ids, grades.asset_class.tolist(), grades.stage.tolist(), strict=True)
    }
    return Evening({loan_id: said for loan_id, said in found.items() if said != GOOD})
