from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.customers import permissions, steps
from chezhe.customers.models import Customer
from chezhe.customers.values import CompanyFacts
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.CREATE, label=_("企业客户建档"))
def create_company(*, facts: CompanyFacts, branch_code: str = "", business_date: date, by: Actor) -> Customer:
    """Open the file of a company; no company is filed twice in the whole house."""
    return steps.create_company(facts, branch_id=steps.branch_of(by, branch_code), owner_id=by.user_id, on=business_date, by=by)
