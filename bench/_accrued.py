"""What the loop accrued against the exact parts of the same loans in their groups: half a fen a loan is all that rounding may do.

A running total is rounded once, so by any evening a loan's rounded total differs from its exact one by at most half a fen; what is
posted for a single day (the difference of two such totals) may differ by a whole one, which is why totals are compared and not days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench._loop import Accrued

HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Sample:
    """By loan id its row before the day and what the loop accrued; `posted` is what the loop wrote into the journal, by account."""

    loans: Mapping[int, tuple[Mapping[str, Any], Accrued]]
    posted: Mapping[str, int]


def differences(samples: Mapping[str, Sample], day: date) -> list[str]:
    """Loans and accounts on which the loop's accrual is not the exact one within half a fen a loan, ten of a sample at most."""
    return [f"{name}: {said}" for name, sample in samples.items() for said in [*_of_loans(sample, day), *_of_accounts(sample, day)][:10]]


def _of_loans(sample: Sample, day: date) -> list[str]:
    found = []
    for loan_id, (row, accrued) in sample.loans.items():
        totals = ("by the morning", accrued.before_fen, day), ("by the evening", accrued.before_fen + accrued.fen, _next(day))
        for said, fen, on in totals:
            exact = _earned(row, on)
            if abs(fen - exact) > HALF:
                found.append(f"loan {loan_id} has accrued {fen} fen {said} by the loop, {float(exact):.4f} by its part in the group")
    return found


def _of_accounts(sample: Sample, day: date) -> list[str]:
    """Interest accrued and interest income: what stood there in the morning and what the loop posted, against the groups' totals."""
    from chezhe.ledger import chart

    standing = sum(accrued.before_fen for _row, accrued in sample.loans.values())
    exact = sum((_earned(row, _next(day)) for row, _accrued in sample.loans.values()), Fraction(0))
    sides = {chart.ACCRUED_INTEREST: 1, chart.INTEREST_INCOME: -1}
    found = [f"account {code} is nothing an accrual is posted to" for code in sorted(sample.posted.keys() - sides.keys())]
    for code, side in sides.items():
        by_loop = side * standing + sample.posted.get(code, 0)
        if abs(by_loop - side * exact) > HALF * len(sample.loans):
            found.append(f"account {code} has {by_loop} fen by the loop, {float(side * exact):.4f} by {len(sample.loans)} parts")
    return found


def _next(day: date) -> date:
    return day + timedelta(days=1)


def _earned(row: Mapping[str, Any], on: date) -> Fraction:
    """What the loan's part in its group has earned by the morning of `on`, exactly."""
    from chezhe.finmath.shares import Share
    from chezhe.finmath.terms import DayCount

    return Share(day_count=DayCount(row["accrual_basis"]), denominator=row["accrual_denominator"], weight=int(row["accrual_weight"]),
                 origin=int(row["accrual_origin"])).earned(on)
