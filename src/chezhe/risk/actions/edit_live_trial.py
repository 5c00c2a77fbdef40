from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.risk.trials import permissions, steps
from chezhe.risk.trials.models import LiveTrial
from chezhe.risk.trials.planning import Plan


@action(permissions.WRITE_TRIALS, label=_("修改分流试验草稿"))
def edit_live_trial(*, live_trial_number: str, plan: Plan, business_date: date, by: Actor) -> LiveTrial:
    """Write a draft anew. What was handed in is what two people agree to: nobody can change it."""
    require_whole_house(by)
    trial = steps.lock(live_trial_number)
    steps.edit(trial, plan, business_date, by=by)
    return trial
