from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk import permissions
from chezhe.risk.valuing import reporting
from chezhe.risk.valuing.models import AppraiserReport


@action(permissions.APPRAISE, label=_("保存评估报告"))
def save_report(*, report_number: str, seen: reporting.Seen, business_date: date, by: Actor) -> AppraiserReport:
    """Keep what was seen so far: grades, mileage, damage and the appraiser's own figure."""
    report = reporting.locked(report_number, by)
    reporting.put(report, seen, on=business_date, by=by)
    return report
