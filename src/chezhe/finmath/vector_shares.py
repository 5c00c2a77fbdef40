"""Shares of many loans side by side: what `shares.share` and `shares.full_on` say of each, by columns.

Weights and origins are whole numbers of any size, so they come back as lists of Python's own. The rare line that is earned in full
before its due date is left to the scalar functions.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from chezhe.finmath import days, shares
from chezhe.finmath.accrual import AccruingLine
from chezhe.finmath.level import RATE_SCALE
from chezhe.finmath.terms import DayCount

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

DAY_COUNTS = tuple(DayCount)
FLAT_BASIS = DAY_COUNTS.index(DayCount.ACT_365)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningLines:
    """The running line of each loan (`accrual.AccruingLine`) as columns: day numbers, fen, the rate in 10^-10, and the place of
    its day count in DAY_COUNTS. `is_flat` marks a flat charge; a due day of 0 says that no line is running."""

    from_days: "Ints"
    due_days: "Ints"
    balance_fen: "Ints"
    interest_fen: "Ints"
    rate_units: "Ints"
    is_flat: Any
    day_counts: "Ints"

    def at(self, place: int) -> AccruingLine:
        """One of them as a value."""
        rate = None if self.is_flat[place] else Decimal(int(self.rate_units[place])) / RATE_SCALE
        return AccruingLine(
            from_date=date.fromordinal(int(self.from_days[place])), due_date=date.fromordinal(int(self.due_days[place])),
            balance_fen=int(self.balance_fen[place]), interest_fen=int(self.interest_fen[place]), annual_rate=rate,
            day_count=DAY_COUNTS[self.day_counts[place]],
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """`bases` are places in DAY_COUNTS; `full_days` the day numbers of `full_on`, 0 for none."""

    bases: "Ints"
    denominators: "Ints"
    weights: list[int]
    origins: list[int]
    full_days: "Ints"

    def only(self, kept: "Ints") -> "Shares":
        """Those for which `kept` (a truth value each) is true."""
        weights, origins = (
            [value for value, is_kept in zip(values, kept.tolist(), strict=True) if is_kept] for values in (self.weights, self.origins)
        )
        return Shares(bases=self.bases[kept], denominators=self.denominators[kept], weights=weights, origins=origins,
                      full_days=self.full_days[kept])


def shares_of(lines: RunningLines, *, as_of: int, before_fen: "Ints") -> Shares:
    """The share of every loan from the day number `as_of` on; `before_fen` is what it earned before its running line."""
    import numpy as np

    runs = lines.due_days > 0
    is_flat = runs & (lines.is_flat != 0)
    bases = np.where(runs & ~is_flat, lines.day_counts, FLAT_BASIS)
    scales = np.array([RATE_SCALE * days.BASES[day_count] for day_count in DAY_COUNTS], dtype=np.int64)
    lengths = np.maximum(1, lines.due_days - lines.from_days)
    denominators = np.where(runs, np.where(is_flat, lengths, scales[bases]), 1)
    amounts = np.where(is_flat, lines.interest_fen, np.where(runs, lines.balance_fen, 0))
    rates = np.where(is_flat, 1, lines.rate_units)
    starts = _units(np.where(runs, lines.from_days, 1), bases)
    weights = [amount * rate for amount, rate in zip(amounts.tolist(), rates.tolist(), strict=True)]
    pairs = zip(weights, starts.tolist(), before_fen.tolist(), denominators.tolist(), strict=True)
    origins = [weight * start - before * denominator for weight, start, before, denominator in pairs]
    lasts = (_units(np.where(runs, lines.due_days - 1, 1), bases) - starts).tolist()
    found = Shares(bases=bases, denominators=denominators, weights=weights, origins=origins, full_days=np.zeros_like(bases))
    columns = zip(weights, lasts, lines.interest_fen.tolist(), denominators.tolist(), strict=True)
    for place, (weight, last, interest, denominator) in enumerate(columns):
        if weight and weight * last >= interest * denominator:
            _decide(found, place, lines.at(place), date.fromordinal(as_of), int(before_fen[place]))
    return found


def _decide(found: Shares, place: int, line: AccruingLine, as_of: date, before_fen: int) -> None:
    full = shares.full_on(line)
    if full is not None:
        part = shares.share(line, as_of=as_of, before_fen=before_fen)
        found.full_days[place], found.weights[place], found.origins[place] = full.toordinal(), part.weight, part.origin


def _units(numbers: "Ints", bases: "Ints") -> "Ints":
    """`shares.day_units` of each day number; the days of a book are few."""
    import numpy as np

    keys, places = np.unique(numbers * len(DAY_COUNTS) + bases, return_inverse=True)
    pairs = (divmod(key, len(DAY_COUNTS)) for key in keys.tolist())
    units = [shares.day_units(date.fromordinal(number), DAY_COUNTS[basis]) for number, basis in pairs]
    return np.array(units, dtype=np.int64)[places]
