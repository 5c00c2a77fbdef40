"""A company's accounts of a year are taken down."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.customers.models import Customer
from chezhe.kernel import clock
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk import permissions
from chezhe.risk.facts import proofs
from chezhe.risk.facts.enterprise import Accounts
from chezhe.risk.facts.models import CompanyAccounts


@action(permissions.HAND_IN_PROOFS, label=_("登记财务报表"))
def record_accounts(*, customer_number: str, year: int, accounts: Accounts, plan: dict[str, Any], by: Actor) -> CompanyAccounts:
    """Keep the figures and tell the ratios. Raises NotFound (404), NotACompany or AccountsContradict (422)."""
    customer = Customer.objects.visible_to(by).fetch(customer_number)
    return proofs.keep_accounts(customer, year, accounts, plan, at=clock.now(), by=by)
