from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.customers import steps as customers
from chezhe.customers.models import Customer
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk.screening import diligence, matching, permissions, queries
from chezhe.risk.screening.models import Holding


@action(permissions.RECORD_HOLDING, label=_("登记股东"))
def record_holding(*, customer_number: str, shares: diligence.Shares, by: Actor) -> Holding:
    """Who holds how much of a company, or of a company that holds it; the lists are asked about them at once."""
    company = Customer.objects.visible_to(by).lock(customer_number)
    holder = customers.fetch_other(shares.holder_number, by) if shares.holder_number else None
    made = diligence.record_holding(company, shares, holder, by)
    if holder is None:
        matching.screen([company], queries.current_versions())
    return made
