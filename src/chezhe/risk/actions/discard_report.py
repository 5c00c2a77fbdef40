from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk import permissions
from chezhe.risk.valuing import reporting
from chezhe.risk.valuing.models import AppraiserReport


@action(permissions.APPRAISE, label=_("作废评估报告草稿"))
def discard_report(*, report_number: str, reason: str, by: Actor) -> AppraiserReport:
    """Give up one's own draft; the photos stay with the car."""
    report = reporting.locked(report_number, by)
    reporting.leave(report, "discard", reason=reason, by=by)
    return report
