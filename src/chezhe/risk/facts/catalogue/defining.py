"""Short forms in which the lists of facts are written."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from chezhe.risk.facts.definitions import BOOLEAN, DATE, INTEGER, MONEY, RATE, TEXT, FactDefinition

# No borrower of ours earns, owes or owns more than ten thousand million yuan: such a figure is a slip.
MONEY_MAX = 10_000_000_000_00


class Group:
    """Facts of the same kind of subject, source and owner; each says what is different about it."""

    def __init__(self, of: str, source: str, owner: str, *, days: int | None = None, consent: str = "") -> None:
        self._shared = {"of": of, "source": source, "owner": owner}
        self._days, self._consent = days, consent

    def money(self, code: str, title: Any, *, low: int = 0, high: int = MONEY_MAX, **more: Any) -> FactDefinition:
        """Whole fen."""
        return self._define(code, title, MONEY, "fen", low=low, high=high, **more)

    def rate(self, code: str, title: Any, low: str = "0", high: str = "1", **more: Any) -> FactDefinition:
        """A fraction: 0.4337 is 43.37 %."""
        return self._define(code, title, RATE, "fraction", low=low, high=high, **more)

    def count(self, code: str, title: Any, high: int = 10_000, *, low: int = 0, unit: str = "count", **more: Any) -> FactDefinition:
        """How many; `unit` tells of what."""
        return self._define(code, title, INTEGER, unit, low=low, high=high, **more)

    def flag(self, code: str, title: Any, **more: Any) -> FactDefinition:
        """Yes or no."""
        return self._define(code, title, BOOLEAN, "", **more)

    def text(self, code: str, title: Any, *values: str, **more: Any) -> FactDefinition:
        """A word; with `values`, one of these."""
        return self._define(code, title, TEXT, "", values=values, **more)

    def day(self, code: str, title: Any, **more: Any) -> FactDefinition:
        """A calendar day."""
        return self._define(code, title, DATE, "", **more)

    def _define(
        self, code: str, title: Any, kind: str, unit: str, *, low: Any = None, high: Any = None, days: int | None = -1, source: str = "",
        **more: Any,
    ) -> FactDefinition:
        shared = {**self._shared, "consent": self._consent, **({"source": source} if source else {}), **more}
        return FactDefinition(
            code=code, title=title, type=kind, unit=unit, valid_days=self._days if days == -1 else days, low=_bound(low),
            high=_bound(high), **shared,
        )



def _bound(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)
