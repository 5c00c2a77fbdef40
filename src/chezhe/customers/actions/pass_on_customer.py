from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.customers import permissions, steps
from chezhe.customers.models import Customer
from chezhe.kernel import events
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NothingChanged, require_reason


@action(permissions.PASS_ON, label=_("转交客户"))
def pass_on_customer(*, customer_number: str, owner_username: str, reason: str, business_date: date, by: Actor) -> Customer:
    """A manager gives a customer into the hands of another colleague of the branch, whose protection begins today."""
    customer = Customer.objects.visible_to(by).lock(customer_number)
    require_reason(reason)
    owner = steps.colleague(owner_username, customer, business_date)
    if owner.pk == customer.owner_id:
        raise NothingChanged()
    before = customer.owner.name
    customer.owner, customer.owned_since = owner, business_date
    customer.touch(by)
    customer.save()
    steps.keep_changes(customer, {"owner": (before, owner.name)}, by)
    events.publish("customer.passed_on", customer.subject, {"owner_id": owner.pk})
    return customer
