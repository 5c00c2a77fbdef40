from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk import permissions
from chezhe.risk.valuing import reporting
from chezhe.risk.valuing.models import AppraiserReport
from chezhe.vehicles.models import Vehicle


@action(permissions.APPRAISE, label=_("开始评估报告"))
def begin_report(*, vehicle_number: str, business_date: date, by: Actor) -> AppraiserReport:
    """Stand beside the car and begin to write down what there is to see; pressing it twice opens the same draft."""
    vehicle = Vehicle.objects.visible_to(by).select_related("owner").lock(vehicle_number)
    return reporting.begin(vehicle, on=business_date, by=by)
