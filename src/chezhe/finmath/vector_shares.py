"""Shares of many loans side by side: `shares.part_of` asked for each, with its words laid out by columns.

Weights and origins are whole numbers of any size, so they come back as lists of Python's own. The rare line that is earned in full
before its due date is asked as `shares.full_on` and `shares.share` of one loan.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from chezhe.finmath import shares
from chezhe.finmath.accrual import AccruingLine
from chezhe.finmath.level import RATE_SCALE
from chezhe.finmath.terms import DayCount

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

DAY_COUNTS = tuple(DayCount)


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
    is_flat = np.where(runs, lines.is_flat != 0, True).astype(np.int64)
    from_days, due_days = np.where(runs, lines.from_days, as_of), np.where(runs, lines.due_days, as_of)
    interest = np.where(runs, lines.interest_fen, 0)
    bases = _bases_of(is_flat, lines.day_counts)
    scales = np.array([shares.scale_of(basis) for basis in DAY_COUNTS], dtype=np.int64)[bases]
    starts = _units(from_days, bases)
    lasts = _units(due_days - 1, bases) - starts
    amounts, rates, denominators = shares.speed(is_flat, lines.balance_fen, interest, lines.rate_units, due_days - from_days, scales)
    wide = _wide(denominators)
    weights, origins = shares.part_of(_wide(amounts), _wide(rates), wide, _wide(starts), _wide(before_fen))
    found = Shares(
        bases=bases, denominators=denominators, weights=weights.tolist(), origins=origins.tolist(), full_days=np.zeros_like(bases),
    )
    are_full = shares.has_earned(weights, _wide(lasts), _wide(interest), wide)
    for place in np.nonzero(are_full)[0].tolist():
        _decide(found, place, lines.at(place), date.fromordinal(as_of), int(before_fen[place]))
    return found


def _bases_of(is_flat: "Ints", day_counts: "Ints") -> "Ints":
    """`shares.basis_of` each, as places in DAY_COUNTS."""
    import numpy as np

    table = [[DAY_COUNTS.index(shares.basis_of(day_count, is_flat=flat)) for day_count in DAY_COUNTS] for flat in (False, True)]
    places: Ints = np.array(table, dtype=np.int64)[is_flat, day_counts]
    return places


def _wide(column: "Ints") -> Any:
    """As whole numbers without a limit of size."""
    return column.astype(object)


def _decide(found: Shares, place: int, line: AccruingLine, as_of: date, before_fen: int) -> None:
    full = shares.full_on(line)
    if full is not None:
        part = shares.share(line, as_of=as_of, before_fen=before_fen)
        found.full_days[place], found.weights[place], found.origins[place] = full.toordinal(), part.weight, part.origin


def _units(numbers: "Ints", bases: "Ints") -> "Ints":
    """`shares.day_units` of each day number; the days of a book are few and lie close together."""
    import numpy as np

    if not len(numbers):
        return numbers
    first = int(numbers.min())
    keys = (numbers - first) * len(DAY_COUNTS) + bases
    units: Any = np.zeros(int(keys.max()) + 1, dtype=np.int64)
    units[keys] = 1
    for key in np.nonzero(units)[0].tolist():
        number, basis = divmod(key, len(DAY_COUNTS))
        units[key] = shares.day_units(date.fromordinal(first + number), DAY_COUNTS[basis])
    found: Ints = units[keys]
    return found
