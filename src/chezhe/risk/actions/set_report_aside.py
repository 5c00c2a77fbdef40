from __future__ import annotations

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk import permissions
from chezhe.risk.valuing import reporting
from chezhe.risk.valuing.models import AppraiserReport


@action(permissions.SET_ASIDE)
def set_report_aside(*, report_number: str, reason: str, by: Actor) -> AppraiserReport:
    """A report that is not to be believed (photos of another car, an interest in the deal) counts in no valuation from now on."""
    report = reporting.locked(report_number, by)
    reporting.leave(report, "set_aside", reason=reason, by=by)
    return report
