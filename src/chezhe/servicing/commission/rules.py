"""How a month's commission adds up. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Totals:
    """Fen of a statement: earned and taken back in it, and what the dealer still owed from before."""

    accrued: int
    clawed: int
    brought: int

    @property
    def owed(self) -> int:
        return self.clawed + self.brought

    @property
    def netted(self) -> int:
        """What of the debt is set against what was earned."""
        return min(self.accrued, self.owed)

    @property
    def payable(self) -> int:
        return self.accrued - self.netted

    @property
    def left(self) -> int:
        """What the dealer owes afterwards; the next statement begins with it."""
        return self.owed - self.netted


def totals(amounts: Iterable[int], brought: int) -> Totals:
    """Of lines that are positive when earned and negative when taken back."""
    kept = list(amounts)
    return Totals(sum(fen for fen in kept if fen > 0), -sum(fen for fen in kept if fen < 0), brought)
