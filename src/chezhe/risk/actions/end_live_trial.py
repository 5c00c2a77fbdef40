from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk.trials import permissions, steps, watching
from chezhe.risk.trials.models import LiveTrial


@action(permissions.CARRY_OUT_TRIAL, label=_("分流试验到期或触线结束"))
def end_live_trial(*, live_trial_number: str, business_date: date, by: Actor) -> LiveTrial | None:
    """End a trial whose guard is broken, whose last day has passed, or that is full; None while there is no reason to."""
    trial = steps.lock(live_trial_number)
    why = watching.reason_to_end(trial, business_date)
    if not why:
        return None
    steps.end(trial, why, by=by)
    return trial
