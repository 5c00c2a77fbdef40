from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.leads import permissions, steps
from chezhe.leads.models import Lead
from chezhe.leads.states import LEAD


@action(permissions.FOLLOW, label=_("确认线索意向"))
def qualify_lead(*, lead_number: str, reason: str = "", by: Actor) -> Lead:
    """The customer means it: a real need, within our conditions."""
    lead = steps.lock_own(lead_number, by)
    moves.move(lead, LEAD, "qualify", by=by, reason=reason)
    return lead
