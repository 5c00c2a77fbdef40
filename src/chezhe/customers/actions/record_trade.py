from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.customers import permissions, trading
from chezhe.customers.models import Customer, Trade
from chezhe.customers.values import TradeFacts
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NothingChanged


@action(permissions.EDIT, label=_("登记个体工商户"))
def record_trade(
    *, customer_number: str, version: int, facts: TradeFacts, reason: str = "", business_date: date, by: Actor
) -> Trade:
    """Write down, or correct, the trade a person runs, so that he can apply as a sole trader; what stood there before stays in the
    history, and a stale form is refused (409)."""
    customer = Customer.objects.visible_to(by).lock(customer_number)
    customer.require_version(version)
    if not trading.record(customer, facts, on=business_date, by=by):
        raise NothingChanged()
    return customer.trade
