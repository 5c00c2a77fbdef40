"""What of the rules waits for compliance."""

from __future__ import annotations

from datetime import date, datetime, time

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.compliance import permissions, queries
from chezhe.kernel import business_date, calendar, clock, roles, worklist
from chezhe.kernel.actor import Actor
from chezhe.kernel.worklist import Pile, Waiting


def register() -> None:
    """Called once at start-up."""
    worklist.register(Pile(
        "compliance.calendar", gettext_lazy("待确认的节假日历"), "compliance:calendar_now", permissions.SET_HOLIDAY.code, _count, _first,
        icon="calendar", order=70, verb=gettext_lazy("确认"), roles=(roles.COMPLIANCE,),
    ))
    worklist.register(Pile(
        "compliance.complaints", gettext_lazy("待答复的客户投诉"), "compliance:complaints", permissions.ANSWER_COMPLAINT.code,
        worklist.Counted(lambda _by: queries.unanswered()), _first_complaints,
        icon="message", order=20, verb=gettext_lazy("答复"), query="status=received",
        roles=(roles.COMPLIANCE,), late=_late_complaints,
    ))


def _late_complaints(actor: Actor, at: datetime) -> int:
    return queries.unanswered().filter(due_on__lt=at.astimezone(clock.SHANGHAI).date()).count()


def _first_complaints(actor: Actor, most: int) -> list[Waiting]:
    return [
        Waiting(one.number, reverse("compliance:complaint", args=[one.number]), datetime.combine(one.due_on, time(18), clock.SHANGHAI),
                one.get_kind_display(), None, one.received_at)
        for one in queries.unanswered()[:most]
    ]


def years_to_confirm(on: date) -> list[int]:
    """This year, and from November on (when the State Council announces it) the next, as long as they are provisional."""
    years = [on.year, on.year + 1] if on.month >= 11 else [on.year]
    return [year for year in years if calendar.is_provisional(date(year, 1, 1))]


def _count(actor: Actor) -> int:
    return len(years_to_confirm(business_date.current()))


def _first(actor: Actor, most: int) -> list[Waiting]:
    return [
        Waiting(_("%(year)s 年") % {"year": year}, reverse("compliance:calendar_year", args=[year]))
        for year in years_to_confirm(business_date.current())[:most]
    ]
