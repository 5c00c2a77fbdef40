from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.approvals import steps as approvals
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk.trials import permissions, queries, steps
from chezhe.risk.trials.models import LiveTrial
from chezhe.risk.trials.states import LIVE_TRIAL


@action(permissions.WRITE_TRIALS, label=_("撤回分流试验审批"))
def withdraw_live_trial(*, live_trial_number: str, by: Actor) -> LiveTrial:
    """Take back what was asked for, by one of its makers; the trial is a draft again."""
    trial = steps.lock(live_trial_number)
    LIVE_TRIAL.require(trial.status, "withdraw_live_trial")
    approvals.withdraw(request_number=trial.request_number, by=by)
    return queries.called(live_trial_number)
