from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import require_reason
from chezhe.leads import permissions
from chezhe.leads.models import Lead
from chezhe.leads.states import LEAD


@action(permissions.FOLLOW, label=_("标记重复线索"))
def mark_duplicate(*, lead_number: str, reason: str, by: Actor) -> Lead:
    """Close a lead that is the same enquiry as another one."""
    reason = require_reason(reason)
    lead = Lead.objects.visible_to(by).lock(lead_number)
    moves.move(lead, LEAD, "mark_duplicate", by=by, reason=reason)
    return lead
