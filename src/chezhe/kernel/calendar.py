"""Working days: our own table of holidays and working weekends; years not yet announced are provisional."""

from __future__ import annotations

from datetime import date, timedelta

from chezhe.kernel.models import Holiday


def is_working_day(day: date) -> bool:
    """Whether banks and clerks work on `day`: the table first, else Monday to Friday."""
    listed = Holiday.objects.filter(day=day).values_list("is_working", flat=True).first()
    return day.weekday() < 5 if listed is None else listed


def next_working_day(day: date) -> date:
    """`day` itself when it is a working day, else the first one after it."""
    exceptions = dict(Holiday.objects.filter(day__range=(day, day + timedelta(days=30))).values_list("day", "is_working"))
    while not exceptions.get(day, day.weekday() < 5):
        day += timedelta(days=1)
    return day


def is_provisional(day: date) -> bool:
    """Whether the year of `day` still waits for the State Council's notice."""
    year = Holiday.objects.filter(day__year=day.year)
    return not year.exists() or year.filter(is_provisional=True).exists()
