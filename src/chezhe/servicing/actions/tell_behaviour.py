"""Tell the risk room how customers pay."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions, profiling
from chezhe.servicing.profiling import Told


@action(permissions.TELL_BEHAVIOUR, label=_("更新客户还款行为"))
def tell_behaviour(*, business_date: date, by: Actor) -> Told:
    """Tell some of the customers that wait; while more do, the worker is asked again."""
    told = profiling.tell_some(business_date)
    profiling.ask_next(told)
    return told
