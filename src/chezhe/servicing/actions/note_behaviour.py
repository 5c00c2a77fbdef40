"""A day is closed: whose behaviour the calendar alone changed."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import jobs
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions, profiling


@action(permissions.TELL_BEHAVIOUR, label=_("登记还款行为有变化的客户"))
def note_behaviour(*, day: date, by: Actor) -> None:
    """Note whom the night made so late that it is told, once a month everybody, and have the worker tell it."""
    profiling.note_by_calendar(day)
    jobs.enqueue(profiling.JOB)
