"""Somebody wants the channel's settlement file now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import business_date, jobs
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.kernel.scope import require_whole_house
from chezhe.payments import permissions


@dataclass(frozen=True, slots=True)
class Asked:
    """The worker will fetch the file of this day."""

    day: date

    @property
    def subject(self) -> str:
        return f"channel_file:{self.day.isoformat()}"


@action(permissions.RECONCILE, label=_("获取渠道对账文件"))
def ask_for_settlement_file(*, day: date, by: Actor) -> Asked:
    """Let the worker download the file of a day that is over. Raises Invalid (422) for a day that is not."""
    require_whole_house(by)
    if day >= business_date.current():
        raise Invalid(field="day", code="day_not_over", sentence=_("渠道在次日才生成对账文件，请选择业务日期之前的日子。"))
    jobs.enqueue("payments.fetch_settlement", day=day.isoformat())
    return Asked(day)
