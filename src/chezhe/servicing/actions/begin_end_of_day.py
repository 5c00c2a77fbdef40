"""The business day ends."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import business_date
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.servicing import permissions
from chezhe.servicing.endofday import runs
from chezhe.servicing.models import EndOfDay


@action(permissions.END_OF_DAY, label=_("启动日终"))
def begin_end_of_day(*, until: date, calendar_day: date, by: Actor) -> EndOfDay:
    """Close every day up to and with `until`, one after the other; the workers do it, and the doors stay open.

    Today's own day may be closed, which opens tomorrow's; a day that has not begun by the calendar may not. A day whose close
    stands, done or under way, gives its run as it is: asking again changes nothing.
    """
    require_whole_house(by)
    known = runs.standing(until)
    if known is not None:
        return known
    business_date.require_come(until, calendar_day, field="until")
    day = business_date.current()
    if until < day:
        raise runs.DayNotCurrent(current=day, day=until)
    run = runs.begin(day, until=until, by=by)
    runs.ask_for_shards(run)
    return run
