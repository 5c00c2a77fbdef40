"""Categories joined into groups of like risk: sorted by bad rate drawn to the mean, neighbours that do not differ merged.

The order is learnt from the target, so a category column with many values would look better than it is. The weights of evidence
with which its coefficient is fitted are therefore learnt on other rows than those they are used on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chezhe.scorecards import binning
from chezhe.scorecards.binning import Blocks
from chezhe.scorecards.frame import Codes, Floats, weighed

ROWS_MIN = 30.0
PRIOR_ROWS = 30.0


@dataclass(frozen=True, slots=True)
class Groups:
    """`group_of[code]` of every category; those too rare for a group of their own have `count`, the place of the others."""

    group_of: npt.NDArray[np.int64]
    count: int

    @property
    def size(self) -> int:
        """The groups, the others, and missing."""
        return self.count + 2

    def places(self, codes: Codes) -> npt.NDArray[np.int64]:
        """The place of each row: groups from the safest on, then the others, missing last."""
        found = np.append(self.group_of, self.count + 1)[codes]
        return found.astype(np.int64)


def group(codes: Codes, size: int, target: Floats, weights: Floats) -> Groups:
    """Groups of the categories 0 … size − 1; code -1 is missing."""
    known = codes >= 0
    rows = weighed(codes[known], weights[known], size)
    bads = weighed(codes[known], weights[known] * target[known], size)
    overall = bads.sum() / max(rows.sum(), 1.0)
    rate = (bads + PRIOR_ROWS * overall) / (rows + PRIOR_ROWS)
    frequent = np.flatnonzero(rows >= min(ROWS_MIN, 0.05 * rows.sum()))
    order = frequent[np.argsort(rate[frequent], kind="stable")]
    group_of = np.full(size, 0, dtype=np.int64)
    if not len(order):
        return Groups(group_of, 0)
    blocks = binning.merged(Blocks(np.arange(len(order), dtype=np.float64), rows[order], bads[order]), float(weights.sum()))
    group_of[:] = len(blocks.rows)
    group_of[order] = np.searchsorted(blocks.uppers, np.arange(len(order)))
    return Groups(group_of, len(blocks.rows))
