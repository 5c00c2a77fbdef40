from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.origination import permissions, steps, wizard
from chezhe.origination.models import Application
from chezhe.origination.revising import conflicts


@action(permissions.WRITE, label=_("填写进件"))
def save_step(
    *, application_number: str, step: str, version: int, values: Mapping[str, Any], is_draft: bool = True, business_date: date, by: Actor
) -> Application:
    """Keep one step: valid values are stored, a draft keeps the others as they were typed; a stale form is refused
    (409) with what somebody else has written meanwhile."""
    application = steps.lock_editable(application_number, by)
    conflicts.require_version(application, version, values)
    reading = wizard.read(application, step, values, on=business_date, by=by)
    if not is_draft:
        reading.refuse()
    steps.keep(application, step, reading.values, reading.spoiled, on=business_date, by=by)
    return application
