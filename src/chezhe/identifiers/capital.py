"""大写: amounts and dates in the capital figures that bank papers demand (支付结算办法, annex 1).

Where the rule allows two ways we write the first way it prints: 零 before 角 when the yuan end in 0, no 零 where only
the ten-thousands are 0, and 整 after 元 but not after 角.
"""

from __future__ import annotations

import re
from datetime import date

DIGITS = "零壹贰叁肆伍陆柒捌玖"
AMOUNT = re.compile(r"(?P<yuan>[0-9]{1,17}|[0-9]{1,3}(?:,[0-9]{3}){1,5})(?:\.(?P<fen>[0-9]{1,2}))?")
AMOUNT_FEN_MAX = 10**18 - 1  # 9 999 万亿 yuan and 99 fen


def amount_in_capitals(amount_fen: int) -> str:
    """The capital figures of an amount in fen, from 人民币零元整 to just under 10^16 yuan.

    Raises ValueError for a negative amount or one beyond that.
    """
    if not 0 <= amount_fen <= AMOUNT_FEN_MAX:
        raise ValueError(f"amount out of range: {amount_fen} fen")
    yuan, fen = divmod(amount_fen, 100)
    tenths, hundredths = divmod(fen, 10)
    head = _whole(yuan) + "元" if yuan or not fen else ""
    if not fen:
        return f"人民币{head}整"
    needs_zero = head and (not tenths or yuan % 10 == 0)
    tail = (f"{DIGITS[tenths]}角" if tenths else "") + (f"{DIGITS[hundredths]}分" if hundredths else "")
    return f"人民币{head}{'零' if needs_zero else ''}{tail}"


def fen_from_text(text: str) -> int | None:
    """The fen of "1409.50", "1409.5" or "1,409.50"; None for anything else, also for a third decimal."""
    match = AMOUNT.fullmatch(text)
    if not match:
        return None
    amount_fen = int(match["yuan"].replace(",", "")) * 100 + int((match["fen"] or "").ljust(2, "0"))
    return amount_fen if amount_fen <= AMOUNT_FEN_MAX else None


def paper_date(day: date) -> str:
    """A bank paper's date: 2026-02-12 is 贰零贰陆年零贰月壹拾贰日.

    Months 1, 2, 10 and days 1–10, 20, 30 take a leading 零, so that nobody can write a 壹 before them.
    """
    year = "".join(DIGITS[int(digit)] for digit in f"{day.year:04d}")
    month = ("零" if day.month in (1, 2, 10) else "") + _two_digits(day.month)
    day_of_month = ("零" if day.day < 10 or day.day % 10 == 0 else "") + _two_digits(day.day)
    return f"{year}年{month}月{day_of_month}日"


def _whole(number: int) -> str:
    """Capital figures of a whole number below 10^16, in sections of ten thousand."""
    if number < 10_000:
        return _section(number) or "零"
    size, unit = (100_000_000, "亿") if number >= 100_000_000 else (10_000, "万")
    high, low = divmod(number, size)
    if not low:
        return f"{_whole(high)}{unit}"
    return f"{_whole(high)}{unit}{'零' if low < size // 10 else ''}{_whole(low)}"


def _section(number: int) -> str:
    """Capital figures of 0–9999; inner zeros collapse to one 零, trailing ones vanish, 0 is empty."""
    text = ""
    for digit, unit in zip(f"{number:04d}", "仟佰拾 ", strict=True):
        text += f"{DIGITS[int(digit)]}{unit.strip()}" if digit != "0" else "零"
    return re.sub("零+", "零", text).strip("零")


def _two_digits(number: int) -> str:
    tens, ones = divmod(number, 10)
    return (f"{DIGITS[tens]}拾" if tens else "") + (DIGITS[ones] if ones else "")
