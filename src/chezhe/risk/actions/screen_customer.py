from __future__ import annotations

from chezhe.customers.models import Customer
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk.screening import matching, permissions, queries, watching


@action(permissions.SCREEN)
def screen_customer(*, customer_number: str, by: Actor) -> Customer:
    """Hold one customer against every list that counts now."""
    customer = Customer.objects.visible_to(by).lock(customer_number)
    matching.screen([customer], queries.current_versions())
    watching.write_watch_fact(customer)
    return customer
