"""The clock of an application goes on with the news about it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.lane import steps
from chezhe.contracts.lane.models import LaneRun
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.origination.models import Application


@action(permissions.FOLLOW_LANE, label=_("推进办理时限"))
def follow_lane(*, news: str, application_number: str, at: datetime, by: Actor) -> LaneRun | None:
    """Note at which moment an application came further; news told twice, or late, changes nothing. None where no clock runs."""
    application = Application.objects.visible_to(by).fetch(application_number)
    return steps.follow(news, application, at, by=by)
