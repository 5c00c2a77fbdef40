"""How values read on a screen and on paper (UX.md §5). Text in, text out; the html forms escape."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString

from chezhe.ui.markup import markup

MISSING = "—"
MINUS = "\u2212"


def fen_of(value: Any) -> int | None:
    """Whole fen of a `Money` or an int; None stays None. Anything else is a bug: TypeError."""
    if value is None or value == "":
        return None
    fen = getattr(value, "fen", value)
    if isinstance(fen, bool) or not isinstance(fen, int):
        raise TypeError(f"money is whole fen, not {type(value).__name__}")
    return fen


def yuan(value: Any) -> str:
    """`1234567.80`: plain two-decimal yuan for files and form fields; empty for nothing."""
    fen = fen_of(value)
    if fen is None:
        return ""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def money(value: Any) -> str:
    """`¥1,234,567.80`, `−¥5.00`, `¥0.00`, `—`."""
    fen = fen_of(value)
    if fen is None:
        return MISSING
    return f"{MINUS if fen < 0 else ''}¥{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def money_html(value: Any) -> SafeString:
    """Tabular digits; a negative amount is red and carries the minus sign."""
    fen = fen_of(value)
    extra = " is-missing" if fen is None else " is-negative" if fen < 0 else ""
    return markup('<span class="money{}">{}</span>', extra, money(fen))


def rate(fraction: Any, places: int = 2) -> str:
    """`0.1188` → `11.88%`; half up; `—` for nothing."""
    if fraction is None or fraction == "":
        return MISSING
    step = Decimal(1).scaleb(-places)
    percent = (Decimal(str(fraction)) * 100).quantize(step, rounding=ROUND_HALF_UP)
    return f"{percent:f}%".replace("-", MINUS)


def index(value: Any, places: int = 3) -> str:
    """`0.2531` → `0.253`: a pure number; half up; `—` for nothing."""
    if value is None or value == "":
        return MISSING
    return f"{Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP):f}".replace("-", MINUS)


def day(value: date | None) -> str:
    """`2026-11-23`."""
    if value is None:
        return MISSING
    if isinstance(value, datetime):
        value = _local(value)
    return f"{value.year:04d}-{value.month:02d}-{value.day:02d}"


def moment(value: datetime | None) -> str:
    """`2026-11-23 14:05`, Shanghai time."""
    return MISSING if value is None else _local(value).strftime("%Y-%m-%d %H:%M")


def number(value: Any) -> str:
    """Counts with thousands separators."""
    return MISSING if value is None or value == "" else f"{value:,}"


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value
