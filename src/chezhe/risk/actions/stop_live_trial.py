from __future__ import annotations

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.risk.trials import permissions, steps
from chezhe.risk.trials.models import LiveTrial


@action(permissions.STOP_TRIAL)
def stop_live_trial(*, live_trial_number: str, reason: str, by: Actor) -> LiveTrial:
    """Stop a trial at once: the emergency brake of one person. The next application is decided by the strategy in force."""
    require_whole_house(by)
    trial = steps.lock(live_trial_number)
    steps.stop(trial, reason, by=by)
    return trial
