"""A business day has opened: whom to debit on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions
from chezhe.servicing.debits import planning


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """How many tries a day has."""

    day: date
    tries: int

    @property
    def subject(self) -> str:
        return f"debit_plan:{self.day.isoformat()}"


@action(permissions.RUN_DEBITS, label=_("生成当日扣款计划"))
def plan_debits(*, day: date, by: Actor) -> PlannedDay:
    """Plan the tries of a day by the calendar of each product; repeating it adds nothing."""
    return PlannedDay(day, planning.plan(day, by=by))
