"""The clock stands while we wait for the customer, and for nobody else."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.lane import queries, steps
from chezhe.contracts.lane.choices import ASKED_REASONS, PAUSED
from chezhe.contracts.lane.models import LaneRun
from chezhe.kernel import clock
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid


class ClockStands(BusinessError):
    code = "lane_paused"
    sentence = _("%(number)s 的时限已因客户原因暂停，不必重复暂停。")


@action(permissions.PAUSE_LANE, label=_("暂停办理计时"))
def pause_lane(*, application_number: str, reason: str, words: str, by: Actor) -> LaneRun:
    """Let the clock stand for one of the customer's reasons, told in words as well.

    Raises NotFound (404), LaneOver or ClockStands (409), Invalid (422).
    """
    run = queries.require_open(application_number, by)
    if reason not in dict(ASKED_REASONS):
        raise Invalid(field="reason", code="lane_reason", sentence=_("请选择客户方面的原因，其他原因不能暂停时限。"))
    if not words.strip():
        raise Invalid(field="words", code="lane_words", sentence=_("请写明客户说了什么、何时能继续。"))
    if run.status == PAUSED:
        raise ClockStands(number=application_number)
    return steps.pause(run, reason, words.strip(), clock.now(), by=by)
