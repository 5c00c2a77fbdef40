from __future__ import annotations

from datetime import date

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.leads import permissions, steps
from chezhe.leads.models import Lead


@action(permissions.ASSIGN)
def assign_lead(*, lead_number: str, owner_username: str, reason: str = "", business_date: date, by: Actor) -> Lead:
    """Give a lead to a colleague of its branch, who has thirty days of protection from today."""
    lead = Lead.objects.visible_to(by).lock(lead_number)
    steps.give(lead, steps.assignee(owner_username, lead, business_date).pk, business_date, by, reason)
    return lead
