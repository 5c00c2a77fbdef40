from __future__ import annotations

from datetime import date

from chezhe.channels import permissions, steps
from chezhe.channels.models import Dealer
from chezhe.channels.steps import DealerFacts
from chezhe.customers import steps as customer_steps
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.CREATE)
def create_dealer(*, facts: DealerFacts, branch_code: str = "", business_date: date, by: Actor) -> Dealer:
    """Take a dealer or service provider into the house's list, active from now on."""
    branch_id = customer_steps.branch_of(by, branch_code)
    return steps.create(facts, branch_id=branch_id, owner_id=by.user_id, on=business_date, by=by)
