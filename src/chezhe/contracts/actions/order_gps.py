"""An installer is to fit devices in a car."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.collateral import fitting
from chezhe.contracts.models import Contract, GpsOrder
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.CONFIRM_GPS, label=_("预约 GPS 安装"))
def order_gps(*, contract_number: str, installer: str, appointed_on: date, business_date: date, by: Actor) -> GpsOrder:
    """Order from an installer, for a day, what the decision asks for. Raises NotFound (404), GpsNotAsked or GpsOrdered (409), or Invalid
    (422)."""
    return fitting.order(Contract.objects.visible_to(by).lock(contract_number), installer, appointed_on, business_date, by=by)
