from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NothingChanged, WrongState
from chezhe.leads import permissions, steps
from chezhe.leads.models import Lead
from chezhe.leads.states import LEAD

_EDITABLE = ("name", "mobile", "source", "is_company", "dealer_number", "product_interest", "amount_wanted", "city", "note")


@action(permissions.FOLLOW, label=_("修改线索"))
def edit_lead(*, lead_number: str, version: int, changes: Mapping[str, Any], business_date: date, by: Actor) -> Lead:
    """Correct what was taken down, while the lead is open; a stale form is refused (409)."""
    lead = Lead.objects.visible_to(by).lock(lead_number)
    lead.require_version(version)
    if not lead.is_open:
        raise WrongState(subject=LEAD.subject, status=LEAD.label(lead.status), verb=_("修改"), possible="—")
    before = steps.facts_of(lead)
    after = steps.tidy(replace(before, **{name: changes[name] for name in _EDITABLE if name in changes}))
    if after == before:
        raise NothingChanged()
    steps.refuse(after)
    steps.put(lead, after)
    lead.touch(by)
    steps.save_once(lead, business_date, by)
    return lead

