from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.leads import errors, permissions, steps
from chezhe.leads.models import Lead, LeadTouch
from chezhe.leads.states import LEAD


@action(permissions.FOLLOW, label=_("记录跟进"))
def record_touch(
    *, lead_number: str, kind: str, outcome: str, note: str = "", touch_next_on: date | None = None, business_date: date, by: Actor
) -> Lead:
    """Write down a contact (`kind` is its channel) and what came of it; the owner's protection runs from here."""
    lead = steps.lock_own(lead_number, by)
    LEAD.require(lead.status, "touch")
    if touch_next_on is not None and touch_next_on < business_date:
        raise errors.TouchInPast(today=business_date)
    LeadTouch.objects.create(
        lead=lead, channel=kind, outcome=outcome, note=note.strip(), touched_at=clock.now(), touched_by_id=by.user_id,
        touched_by_name=by.name,
    )
    lead.touched_on, lead.touch_next_on = business_date, touch_next_on
    lead.touch(by)
    lead.save()
    moves.move(lead, LEAD, "touch", by=by)
    return lead
