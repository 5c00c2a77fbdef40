from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.risk.trials import permissions, steps
from chezhe.risk.trials.models import LiveTrial
from chezhe.risk.trials.planning import Plan


@action(permissions.WRITE_TRIALS, label=_("起草分流试验"))
def draft_live_trial(*, plan: Plan, business_date: date, by: Actor) -> LiveTrial:
    """Write down what shall be tried on which share of the applications; it judges nobody until two people have agreed."""
    require_whole_house(by)
    return steps.draft(plan, business_date, by=by)
