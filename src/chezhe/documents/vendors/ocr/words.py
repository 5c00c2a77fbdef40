"""Reading one line: where to cut it, and what each piece most likely is."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from chezhe.documents.vendors.ocr.glyphs import TRACE, Glyphs, Grid, Likeness, likenesses, trimmed
from chezhe.documents.vendors.ocr.seeing import Line

# The ink of a line is so high in em when it has Chinese characters, and when it has only digits and capitals.
_HEIGHTS = (0.93, 0.745)
_WIDEST, _A_CHARACTER = 1.1, 0.02


@dataclass(frozen=True, slots=True)
class Read:
    """One character: what it is like, best first, and from where to where it goes on the page."""

    like: Likeness
    left: int
    right: int

    @property
    def best(self) -> str:
        return self.like.characters[0]


def read(line: Line, glyphs: Glyphs) -> list[Read]:
    """The characters of a line from left to right."""
    runs = [_cut(line, (line.height - 2) / height, glyphs) for height in _HEIGHTS]
    return min(runs, key=lambda run: run[0])[1]


def _cut(line: Line, em: float, glyphs: Glyphs) -> tuple[float, list[Read]]:
    """The cheapest way to cut the line into characters of this size, with its cost."""
    units = _units(line.ink, em)
    spans = [(i, j) for i in range(len(units)) for j in range(i + 1, len(units) + 1) if _may_be_one(units[i:j], em)]
    if not spans:
        return float("inf"), []
    boxes = [(min(u.left for u in units[i:j]), max(u.right for u in units[i:j])) for i, j in spans]
    like = likenesses([_together(line.ink, units[i:j]) for i, j in spans], em, glyphs)
    costs = [0.0] + [float("inf")] * len(units)
    came: list[int] = [-1] * (len(units) + 1)
    for place, (i, j) in sorted(enumerate(spans), key=lambda pair: pair[1][1]):
        width = (boxes[place][1] - boxes[place][0]) / em
        cost = costs[i] + (1 - like[place].scores[0]) * max(width, 0.25) + _A_CHARACTER
        if cost < costs[j]:
            costs[j], came[j] = cost, place
    found, at = [], len(units)
    while at > 0:
        place = came[at]
        left, right = boxes[place]
        found.append(Read(like[place], line.left + left, line.left + right))
        at = spans[place][0]
    return costs[-1], found[::-1]


@dataclass(frozen=True, slots=True)
class _Unit:
    """A piece that is never cut: some parts of the ink (by their labels) between two columns."""

    left: int
    right: int
    labels: frozenset[int]
    marks: Grid


def _may_be_one(units: list[_Unit], em: float) -> bool:
    """Whether these neighbouring units can be one character; a single one always may."""
    if len(units) == 1:
        return True
    gaps = [after.left - before.right for before, after in pairwise(units)]
    width = max(unit.right for unit in units) - min(unit.left for unit in units)
    return width <= _WIDEST * em and max(gaps) <= 0.34 * em and len(units) <= 7


def _together(ink: Grid, units: list[_Unit]) -> Grid:
    """The ink of these units alone: a neighbour that reaches over them is left out."""
    left, right = min(unit.left for unit in units), max(unit.right for unit in units)
    marks = units[0].marks[:, left:right]
    mine = np.isin(marks, list(frozenset().union(*(unit.labels for unit in units))))
    return trimmed(np.where(mine, ink[:, left:right], 0.0).astype(np.float32))


def _units(ink: Grid, em: float) -> list[_Unit]:
    """Connected parts of the ink, those above each other taken together, the wide ones cut where the ink is thin."""
    from scipy import ndimage  # type: ignore[import-untyped]

    marks, _count = ndimage.label(ink > TRACE, structure=np.ones((3, 3)))
    parts = [(box[1].start, box[1].stop, {number}) for number, box in enumerate(ndimage.find_objects(marks), start=1)]
    joined: list[tuple[int, int, set[int]]] = []
    for left, right, labels in sorted(parts, key=lambda part: part[:2]):
        if joined and _stand_above(joined[-1], (left, right)):
            before = joined.pop()
            left, right, labels = min(before[0], left), max(before[1], right), before[2] | labels
        joined.append((left, right, labels))
    units = [_Unit(a, b, frozenset(labels), marks) for left, right, labels in joined for a, b in _parted(ink, left, right, em)]
    return [unit for unit in units if unit.right - unit.left > 1]


def _stand_above(before: tuple[int, int, set[int]], after: tuple[int, int]) -> bool:
    shared = min(before[1], after[1]) - max(before[0], after[0])
    return shared >= 0.5 * min(before[1] - before[0], after[1] - after[0])


def _parted(ink: Grid, left: int, right: int, em: float) -> list[tuple[int, int]]:
    if right - left < 0.62 * em:
        return [(left, right)]
    weights = ink[:, left:right].sum(axis=0)
    low = 0.45 * float(np.median(weights))
    cuts = [k for k in range(3, len(weights) - 3) if weights[k] <= low and weights[k] == weights[max(0, k - 4):k + 5].min()]
    places = [left, *dict.fromkeys(left + k for k in cuts), right]
    return [(a, b) for a, b in pairwise(places) if b > a]
