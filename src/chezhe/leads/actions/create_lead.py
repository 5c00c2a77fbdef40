from __future__ import annotations

from datetime import date

from chezhe.customers import steps as customer_steps
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor, Reach
from chezhe.leads import permissions, steps
from chezhe.leads.models import Lead
from chezhe.leads.steps import LeadFacts


@action(permissions.CREATE)
def create_lead(*, facts: LeadFacts, is_mine: bool = True, branch_code: str = "", business_date: date, by: Actor) -> Lead:
    """Take down an enquiry. Who sees only his own leads keeps it; a manager may leave it for assignment."""
    keeps = is_mine or by.reach == Reach.OWN
    branch_id = customer_steps.branch_of(by, branch_code)
    return steps.create(facts, branch_id=branch_id, owner_id=by.user_id if keeps else None, on=business_date, by=by)
