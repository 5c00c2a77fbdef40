from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.leads import permissions, steps
from chezhe.leads.models import Lead


@action(permissions.FOLLOW, label=_("领取线索"))
def claim_lead(*, lead_number: str, business_date: date, by: Actor) -> Lead:
    """Take a lead out of the branch's public pool; of two who reach for it, one gets it."""
    lead = steps.lock_for_claim(lead_number, business_date, by)
    steps.give(lead, by.user_id, business_date, by)
    return lead
