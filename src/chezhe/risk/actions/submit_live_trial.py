from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.risk.trials import permissions, steps
from chezhe.risk.trials.models import LiveTrial


@action(permissions.WRITE_TRIALS, label=_("提交分流试验审批"))
def submit_live_trial(*, live_trial_number: str, business_date: date, by: Actor) -> LiveTrial:
    """Copy what is tried, so that it can never change, and ask another person to let the trial begin."""
    require_whole_house(by)
    trial = steps.lock(live_trial_number)
    steps.submit(trial, business_date, by=by)
    return trial
