"""The customer is there again: the clock goes on."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.lane import queries, steps
from chezhe.contracts.lane.choices import PAUSED
from chezhe.contracts.lane.models import LaneRun
from chezhe.kernel import clock
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError


class ClockRuns(BusinessError):
    code = "lane_running"
    sentence = _("%(number)s 的时限正在计时，不必恢复。")


@action(permissions.PAUSE_LANE, label=_("恢复办理计时"))
def resume_lane(*, application_number: str, by: Actor) -> LaneRun:
    """Let the clock go on. Raises NotFound (404), LaneOver or ClockRuns (409)."""
    run = queries.require_open(application_number, by)
    if run.status != PAUSED:
        raise ClockRuns(number=application_number)
    return steps.resume(run, clock.now())
