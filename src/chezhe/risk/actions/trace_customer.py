from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from chezhe.customers.models import Customer
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk.relations import permissions, steps


@action(permissions.TRACE, label=_("登记客户的关联线索"))
def trace_customer(*, customer_number: str, known_at: datetime, by: Actor) -> Customer:
    """What the customer's file holds joins the traces; who looks like them is put before a person."""
    customer = Customer.objects.visible_to(by).fetch(customer_number)
    if steps.trace_customer(customer, known_at):
        steps.find_candidates(customer)
    return customer
