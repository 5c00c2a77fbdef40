from __future__ import annotations

from datetime import date

from chezhe.channels import permissions, steps
from chezhe.channels.models import Dealer
from chezhe.channels.steps import DealerFacts
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.CREATE)
def create_dealer(*, facts: DealerFacts, business_date: date, by: Actor) -> Dealer:
    """Take a dealer or service provider into the house's list, active from now on."""
    return steps.create(facts, branch_id=by.branch_id, owner_id=by.user_id, on=business_date, by=by)
