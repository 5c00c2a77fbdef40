"""Yuan as whole fen. A Money never holds a fraction of a fen and never meets a float."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

FEN_MAX = 10**13  # a hundred billion yuan: far above any loan, far below what a BIGINT sum can hold
_AMOUNT = re.compile(r"-?[0-9]{1,13}(\.[0-9]{1,2})?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of CNY in whole fen; may be negative."""

    fen: int

    def __post_init__(self) -> None:
        """Refuse anything but a whole number (bool and float included)."""
        if type(self.fen) is not int:
            raise TypeError(f"Money is whole fen, not {type(self.fen).__name__}")

    def __add__(self, other: "Money") -> "Money":
        """Sum of two amounts."""
        return Money(self.fen + _fen(other))

    def __sub__(self, other: "Money") -> "Money":
        """Difference of two amounts."""
        return Money(self.fen - _fen(other))

    def __neg__(self) -> "Money":
        """The same amount the other way."""
        return Money(-self.fen)

    def __bool__(self) -> bool:
        """False only for nothing at all."""
        return self.fen != 0

    def __str__(self) -> str:
        """`1234.50`."""
        return self.format()

    def times(self, factor: Decimal | int) -> "Money":
        """The amount times a fraction, rounded half up to the fen once."""
        if type(factor) is int:
            return Money(self.fen * factor)
        if not isinstance(factor, Decimal):
            raise TypeError(f"Money is multiplied by a Decimal, not {type(factor).__name__}")
        return Money(_half_up(self.fen, factor))

    def split(self, weights: Sequence[int]) -> list["Money"]:
        """Parts in proportion to whole `weights` that always add up to the whole.

        Each part is the difference of two rounded running totals, so no part is off by a fen or more.
        Raises ValueError when a weight is negative or all are zero.
        """
        whole = sum(weights)
        if whole <= 0 or min(weights) < 0:
            raise ValueError("weights must not be negative and must not all be zero")
        sign, size = (-1, -self.fen) if self.fen < 0 else (1, self.fen)
        parts, seen, given = [], 0, 0
        for weight in weights:
            seen += weight
            upto = (2 * size * seen + whole) // (2 * whole)
            parts.append(Money(sign * (upto - given)))
            given = upto
        return parts

    def format(self, *, grouped: bool = False) -> str:
        """`1234.50`, or `1,234.50` when grouped."""
        yuan, fen = divmod(abs(self.fen), 100)
        sign = "-" if self.fen < 0 else ""
        return f"{sign}{yuan:,}.{fen:02d}" if grouped else f"{sign}{yuan}.{fen:02d}"


ZERO = Money(0)


def parse(text: str) -> Money:
    """Read `1234.50`, `1234.5` or `1234` (ASCII digits, at most two decimals, no grouping, no plus sign).

    Raises ValueError otherwise: more than two decimals are refused, never rounded.
    """
    if not isinstance(text, str) or not _AMOUNT.fullmatch(text):
        raise ValueError("an amount is digits with at most two decimals, such as 1234.50")
    yuan, _, decimals = text.lstrip("-").partition(".")
    fen = int(yuan) * 100 + int(decimals.ljust(2, "0") or "0")
    return Money(-fen if text.startswith("-") else fen)


def _fen(other: object) -> int:
    if not isinstance(other, Money):
        raise TypeError(f"Money adds to Money, not {type(other).__name__}")
    return other.fen


def _half_up(fen: int, factor: Decimal) -> int:
    top, bottom = factor.as_integer_ratio()
    size = (2 * abs(fen * top) + bottom) // (2 * bottom)
    return -size if fen * top < 0 else size
