"""Figures as papers print them, and the code by which a paper is verified."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from chezhe.finmath.money import Money
from chezhe.identifiers.capital import amount_in_capitals


def figure(amount: Money) -> str:
    """`100,000.00`."""
    return amount.format(grouped=True)


def yuan(fen: int) -> str:
    """`100,000.00` of fen."""
    return figure(Money(fen))


def both(amount: Money) -> str:
    """The figure with its capital characters, as contracts name a sum."""
    return f"{figure(amount)} 元（大写：{amount_in_capitals(amount.fen)}）"


def percent(rate: Decimal | None) -> str:
    """`11.88%`, with up to four decimals; a dash when there is no rate."""
    if rate is None:
        return "—"
    text = f"{(rate * 100).quantize(Decimal('0.0001'), rounding=ROUND_HALF_UP):f}"
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}%"


def day(value: date | None) -> str:
    """`2026年3月5日`."""
    return f"{value.year}年{value.month}月{value.day}日" if value else "—"


def sealed(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data with its verification code: a digest of everything the paper says, 16 digits in groups of four."""
    said = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    code = hashlib.sha256(said.encode()).hexdigest()[:16].upper()
    return {**data, "code": "-".join(code[at : at + 4] for at in range(0, 16, 4))}
