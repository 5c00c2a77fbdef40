from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.moves import move
from chezhe.kernel.scope import require_whole_house
from chezhe.risk.trials import permissions, steps
from chezhe.risk.trials.models import LiveTrial
from chezhe.risk.trials.states import LIVE_TRIAL


@action(permissions.WRITE_TRIALS, label=_("作废分流试验草稿"))
def discard_live_trial(*, live_trial_number: str, by: Actor) -> LiveTrial:
    """Give a draft up for good."""
    require_whole_house(by)
    trial = steps.lock(live_trial_number)
    move(trial, LIVE_TRIAL, "discard_live_trial", by=by)
    return trial
