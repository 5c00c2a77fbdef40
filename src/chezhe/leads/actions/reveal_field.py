from __future__ import annotations

from dataclasses import dataclass

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import FieldUnknown, require_reason
from chezhe.leads import permissions
from chezhe.leads.models import Lead


@dataclass(frozen=True, slots=True)
class Revealed:
    """A value in full; the audit trail gets the subject and never the value."""

    subject: str
    value: str


@action(permissions.REVEAL)
def reveal_field(*, lead_number: str, field_code: str, reason: str, by: Actor) -> Revealed:
    """Show the name or the mobile of a lead in full for a stated reason, to call it for example."""
    require_reason(reason)
    lead = Lead.objects.visible_to(by).fetch(lead_number)
    if field_code not in ("name", "mobile"):
        raise FieldUnknown(field=field_code[:40])
    return Revealed(lead.subject, str(getattr(lead, field_code)))
