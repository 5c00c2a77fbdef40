from __future__ import annotations

from datetime import date

from chezhe.kernel import subjects
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk import permissions
from chezhe.risk.guarantees import steps
from chezhe.risk.guarantees.models import CoverageCheck


@action(permissions.MEASURE)
def measure_coverage(*, subject: str, business_date: date, by: Actor) -> CoverageCheck:
    """Hold the car's lending value and all accepted security against principal and interest to maturity; what is missing is named."""
    subjects.open_subject(subject, by)
    return steps.measure(subject, on=business_date, by=by)
