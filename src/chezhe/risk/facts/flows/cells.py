"""Cells of a statement as values: sums, days and times as banks print them."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

_SUM: Final = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})*|\d+)(?:\.(\d{1,2})0*)?", re.ASCII)
_DAY: Final = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?", re.ASCII)
_TIME: Final = re.compile(r"(\d{1,2}):?(\d{2})(?::?(\d{2}))?(?:\.\d+)?$", re.ASCII)
FEN_MAX: Final = 10**13


def fen(text: str) -> int | None:
    """`+1,234.50` or `￥-3` as whole fen; None for what is no sum, or far too large."""
    words = re.sub(r"[\s￥¥]|元$|CNY|人民币", "", text).replace("−", "-").replace("－", "-").replace("，", ",")
    found = _SUM.fullmatch(words)
    if not found:
        return None
    sign, whole, part = found.groups()
    value = int((Decimal(whole.replace(",", "")) + Decimal(f"0.{part or 0}")) * 100)
    return None if value > FEN_MAX else -value if sign == "-" else value


def moment(day_text: str, time_text: str = "") -> datetime | None:
    """A day, with its time of day where one is told in its own cell or behind the day; None when there is no such day."""
    found = _DAY.match(day_text.strip())
    if not found:
        return None
    behind = day_text.strip()[found.end() :].strip(" T")
    of_day = _time_of(time_text.strip()) or _time_of(behind) or time(0, 0)
    try:
        return datetime.combine(date(int(found[1]), int(found[2]), int(found[3])), of_day)
    except ValueError:
        return None


def days_in(text: str) -> list[date]:
    """All days in a text such as `2025-09-01 至 2026-02-28`."""
    found = (moment("-".join(parts)) for parts in _DAY.findall(text))
    return [one.date() for one in found if one]


def account_and_name(text: str) -> tuple[str, str]:
    """`6222…8888/张三` or `张三 6222…` apart: the number, then the name."""
    parts = [part for part in re.split(r"[/|／\s]+", text.strip()) if part]
    number = next((part for part in parts if re.fullmatch(r"[\d*]{6,32}", part)), "")
    return number, " ".join(part for part in parts if part != number)


def _time_of(text: str) -> time | None:
    found = _TIME.match(text)
    if not found:
        return None
    try:
        return time(int(found[1]), int(found[2]), int(found[3] or 0))
    except ValueError:
        return None
