"""Counting in whole calendar months."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def index(day: date) -> int:
    """A month as a number: 12 times the year, plus its place in the year from 0."""
    return day.year * 12 + day.month - 1


def between(first: date, last: date) -> int:
    """Completed months from one day to another; never less than 0."""
    return max(0, index(last) - index(first) - (last.day < first.day))


def later(day: date, months: int) -> date:
    """The same day so many months on, or the last of a shorter month."""
    year, month = divmod(index(day) + months, 12)
    return date(year, month + 1, day.day if day.day <= 28 else min(day.day, monthrange(year, month + 1)[1]))


def first_day(number: int) -> date:
    """The first day of a month by its index."""
    return date(number // 12, number % 12 + 1, 1)
