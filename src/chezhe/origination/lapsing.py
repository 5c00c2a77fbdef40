"""Until when an application may stand as it is. The calendar alone ends it; the worker closes it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from chezhe.kernel import clock, parameters
from chezhe.origination.models import Application

_DAYS = {"draft": "APPLICATION_DRAFT_DAYS", "supplement": "SUPPLEMENT_DAYS"}


def last_day(application: Application, on: date) -> date | None:
    """The last day of an untouched draft, of the time to bring what is wanted, or of an offer; None where nothing runs out.

    Raises ParameterMissing (409).
    """
    code = _DAYS.get(application.status)
    if code is None:
        return application.approval_expires_on
    touched_on = application.changed_at.astimezone(clock.SHANGHAI).date()
    return touched_on + timedelta(days=parameters.count(code, on))


def lapsed(on: date) -> QuerySet[Application]:
    """Everything whose last day is over: drafts that nobody touches, papers that nobody brings, offers that nobody takes, and those taken
    that nobody made a contract of."""
    over = Q(status__in=("approved", "accepted"), bound="", approval_expires_on__lt=on)
    for status, code in _DAYS.items():
        found = parameters.find(code, on)
        if found is not None:
            first = datetime.combine(on - timedelta(days=int(found.value)), time.min, clock.SHANGHAI)
            over |= Q(status=status, changed_at__lt=first)
    return Application.objects.filter(over).order_by("id")
