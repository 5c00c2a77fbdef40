"""Monotone bins of a figure: fine quantile cuts, pooled where the bad rate turns back, merged until every step is worth having.

Pool-adjacent-violators gives the best monotone fit of the fine cuts; then the two neighbours that differ least are merged until all
bins are large enough, differ significantly, and are few enough. The direction is given or the one that fits better. A heavy single
value at the edge (0 for "none", -1 for "not known") that breaks the order becomes a bin of its own. Missing always is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chezhe.scorecards.frame import Floats, weighed

FINE_BINS = 100
COARSE_BINS = 12
BINS_MAX = 12
SHARE_MIN = 0.01
ROWS_MIN = 30.0
DIFFERENCE_MIN = 3.0  # chi-square with one degree of freedom: neighbours that differ less are merged
SPECIAL_SHARE_MIN = 0.03
SPECIAL_GAIN = 12.0  # twice the log-likelihood a bin of its own must bring
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Cuts:
    """How a figure is cut: `uptos` rising, `special` a value with a bin of its own or None, `direction` + (more is riskier) or -."""

    uptos: tuple[float, ...]
    special: float | None
    direction: str

    @property
    def size(self) -> int:
        """Ranges, the special value's bin if any, and the one for missing."""
        return len(self.uptos) + 1 + (self.special is not None) + 1

    def places(self, numbers: Floats) -> npt.NDArray[np.int64]:
        """The place of each figure: ranges first, then the special value, missing last."""
        found = np.searchsorted(np.asarray(self.uptos), numbers, side="left")
        if self.special is not None:
            found[numbers == self.special] = len(self.uptos) + 1
        found[np.isnan(numbers)] = self.size - 1
        return found.astype(np.int64)


def cut(numbers: Floats, target: Floats, weights: Floats, direction: str = "") -> Cuts:
    """The best monotone bins of a figure against a 0/1 target."""
    known = ~np.isnan(numbers)
    fine = _fine(numbers[known], target[known], weights[known])
    special = _special(fine, float(weights.sum()), direction)
    if special is not None:
        fine = fine.without(special)
    chosen = direction or _direction(fine)
    blocks = merged(pooled(fine, chosen), float(weights.sum()))
    return Cuts(tuple(float(upto) for upto in blocks.uppers[:-1]), special, chosen)


@dataclass(frozen=True, slots=True)
class Blocks:
    """Neighbouring ranges with what they hold; `uppers` is the largest value in each."""

    uppers: Floats
    rows: Floats
    bads: Floats

    def without(self, value: float) -> Blocks:
        """The same without the range that is just this value."""
        kept = self.uppers != value
        return Blocks(self.uppers[kept], self.rows[kept], self.bads[kept])

    def merged(self, starts: npt.NDArray[np.int64]) -> Blocks:
        """Ranges joined from each start to the next."""
        ends = np.append(starts[1:], len(self.rows)) - 1
        return Blocks(self.uppers[ends], np.add.reduceat(self.rows, starts), np.add.reduceat(self.bads, starts))


def _fine(numbers: Floats, target: Floats, weights: Floats, count: int = FINE_BINS) -> Blocks:
    """Quantile ranges; a value heavier than a range stands alone, so that it can be told apart."""
    different, places = np.unique(numbers, return_inverse=True)
    rows = weighed(places, weights, len(different))
    bads = weighed(places, weights * target, len(different))
    if not len(different):
        return Blocks(np.array([0.0]), np.array([0.0]), np.array([0.0]))
    size = rows.sum() / count
    starts, inside, heavy_before = [0], rows[0], rows[0] >= size
    for place in range(1, len(different)):
        is_heavy = rows[place] >= size
        if inside >= size or is_heavy or heavy_before:
            starts.append(place)
            inside = 0.0
        inside += rows[place]
        heavy_before = is_heavy
    return Blocks(different, rows, bads).merged(np.array(starts, dtype=np.int64))


def coarse(numbers: Floats, target: Floats, weights: Floats) -> Blocks:
    """A dozen quantile ranges, to see which way a figure goes."""
    return _fine(numbers, target, weights, COARSE_BINS)


def pooled(fine: Blocks, direction: str) -> Blocks:
    """Pool adjacent violators: the best fit that never turns back."""
    sign = 1.0 if direction == "+" else -1.0
    starts: list[int] = []
    rows: list[float] = []
    bads: list[float] = []
    for place in range(len(fine.rows)):
        starts.append(place)
        rows.append(float(fine.rows[place]))
        bads.append(float(fine.bads[place]))
        while len(rows) > 1 and sign * bads[-2] * rows[-1] >= sign * bads[-1] * rows[-2]:
            last_rows, last_bads = rows.pop(), bads.pop()
            starts.pop()
            rows[-1] += last_rows
            bads[-1] += last_bads
    return fine.merged(np.array(starts, dtype=np.int64))


def _direction(fine: Blocks) -> str:
    rising, falling = likelihood(pooled(fine, "+")), likelihood(pooled(fine, "-"))
    return "+" if rising >= falling else "-"


def likelihood(blocks: Blocks) -> float:
    """Log-likelihood of the bad rates of the blocks."""
    goods = blocks.rows - blocks.bads
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = blocks.bads / blocks.rows
        parts = np.where(blocks.bads > 0, blocks.bads * np.log(rate), 0.0) + np.where(goods > 0, goods * np.log1p(-rate), 0.0)
    return float(parts.sum())


def _special(fine: Blocks, total: float, direction: str) -> float | None:
    """The smallest or largest value when it is heavy and breaks an order that the rest keeps."""
    if len(fine.rows) < 4:
        return None
    plain = max(likelihood(pooled(fine, side)) for side in (direction or "+-"))
    for edge in (0, len(fine.rows) - 1):
        value = float(fine.uppers[edge])
        if fine.rows[edge] < SPECIAL_SHARE_MIN * total:
            continue
        alone = likelihood(Blocks(fine.uppers[[edge]], fine.rows[[edge]], fine.bads[[edge]]))
        rest = fine.without(value)
        if 2 * (alone + max(likelihood(pooled(rest, side)) for side in (direction or "+-")) - plain) > SPECIAL_GAIN:
            return value
    return None


def merged(blocks: Blocks, total: float) -> Blocks:
    size_min = max(SHARE_MIN * total, ROWS_MIN)
    while len(blocks.rows) > 1:
        differences = _differences(blocks)
        small = blocks.rows < size_min
        if small.any():
            place = int(np.argmax(small))
            left = place - 1 if place == len(blocks.rows) - 1 or (place > 0 and differences[place - 1] <= differences[place]) else place
        elif differences.min() < DIFFERENCE_MIN or len(blocks.rows) > BINS_MAX:
            left = int(np.argmin(differences))
        else:
            break
        starts = np.delete(np.arange(len(blocks.rows), dtype=np.int64), left + 1)
        blocks = blocks.merged(starts)
    return blocks


def _differences(blocks: Blocks) -> Floats:
    """Chi-square of each pair of neighbours."""
    rows, bads = blocks.rows, blocks.bads
    both_rows, both_bads = rows[:-1] + rows[1:], bads[:-1] + bads[1:]
    rate = (both_bads + HALF) / (both_rows + 1.0)
    gap = bads[:-1] / rows[:-1] - bads[1:] / rows[1:]
    spread = rate * (1 - rate) * (1 / rows[:-1] + 1 / rows[1:])
    found: Floats = gap**2 / spread
    return found
