from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import events, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.leads import choices, permissions
from chezhe.leads.models import Lead
from chezhe.leads.states import LEAD


@action(permissions.FOLLOW, label=_("登记线索流失"))
def lose_lead(*, lead_number: str, reason_code: str, reason: str = "", by: Actor) -> Lead:
    """Close a lead that came to nothing, with the reason that the funnel counts."""
    if reason_code not in dict(choices.LOST_REASONS):
        raise Invalid(field="reason_code", code="lost_reason_unknown", sentence=_("请选择流失原因。"))
    lead = Lead.objects.visible_to(by).lock(lead_number)
    LEAD.require(lead.status, "lose")
    lead.lost_reason, lead.touch_next_on = reason_code, None
    lead.save(update_fields=["lost_reason", "touch_next_on"])
    moves.move(lead, LEAD, "lose", by=by, reason=reason)
    events.publish("lead.lost", lead.subject, {"reason_code": reason_code})
    return lead
