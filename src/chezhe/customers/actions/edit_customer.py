from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.customers import permissions, steps
from chezhe.customers.models import Customer
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NothingChanged


@action(permissions.EDIT, label=_("更正客户资料"))
def edit_customer(
    *, customer_number: str, version: int, changes: Mapping[str, Any], reason: str = "", business_date: date, by: Actor
) -> Customer:
    """Correct a customer's file; what stood there before stays in its history, and a stale form is refused (409)."""
    customer = Customer.objects.visible_to(by).lock(customer_number)
    customer.require_version(version)
    differing = steps.apply(customer, changes, business_date)
    if not differing:
        raise NothingChanged()
    customer.touch(by)
    steps.save_once(customer, by)
    steps.keep_changes(customer, differing, by)
    return customer
