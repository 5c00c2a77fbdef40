"""Rows as boxes: a set of classes for each column. Whether boxes cover another is answered exactly, within a bound of work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

WORK_MAX = 3_000_000
Box = tuple[int, ...]


class TooMuchWork(Exception):
    """The bound was reached before the answer."""


class Work:
    """How many more comparisons of two boxes may be made."""

    def __init__(self, most: int = WORK_MAX) -> None:
        self.left = most

    def spend(self, comparisons: int) -> None:
        """Raises TooMuchWork."""
        self.left -= comparisons + 1
        if self.left < 0:
            raise TooMuchWork


def meet(one: Box, other: Box) -> Box | None:
    """What two boxes share; None when a column shares nothing."""
    shared = []
    for mine, yours in zip(one, other, strict=True):
        common = mine & yours
        if not common:
            return None
        shared.append(common)
    return tuple(shared)


def is_inside(inner: Box, outer: Box) -> bool:
    """True when every point of `inner` lies in `outer`."""
    return not any(mine & ~theirs for mine, theirs in zip(inner, outer, strict=True))


def uncovered(target: Box, covers: Sequence[Box], work: Work) -> Iterator[Box]:
    """Boxes that together are the part of `target` no cover holds; the first one comes early. Raises TooMuchWork."""
    if not all(target):
        return
    waiting: list[tuple[Box, Sequence[Box]]] = [(target, covers)]
    while waiting:
        box, near = waiting.pop()
        work.spend(len(near))
        near = [cover for cover in near if meet(box, cover) is not None]
        if not near:
            yield box
            continue
        best = min(near, key=lambda cover: _columns_cut(box, cover))
        rest = list(box)
        others = [cover for cover in near if cover is not best]
        for column, classes in enumerate(best):
            outside = rest[column] & ~classes
            if outside:
                waiting.append(((*rest[:column], outside, *rest[column + 1 :]), others))
                rest[column] &= classes


def _columns_cut(box: Box, cover: Box) -> int:
    return sum(1 for mine, theirs in zip(box, cover, strict=True) if mine & ~theirs)
