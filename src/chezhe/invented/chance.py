"""Chance that hangs on a number alone: the same name under the same key is the same draw, whoever asks, whenever."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from hashlib import blake2b
from itertools import accumulate
from random import Random
from statistics import NormalDist
from typing import TypeVar

T = TypeVar("T")
_NORMAL = NormalDist()
_SPAN = float(2**64)


class Chance:
    """Draws under one key. Each has a name of its own, so that a new one never changes the others."""

    __slots__ = ("_key",)

    def __init__(self, key: str) -> None:
        self._key = key

    def share(self, name: str) -> float:
        """A number in (0, 1), evenly."""
        return (_digest(f"{self._key}:{name}") + 0.5) / _SPAN

    def happens(self, name: str, rate: float) -> bool:
        """Whether something happens that does so at this rate."""
        return self.share(name) < rate

    def normal(self, name: str) -> float:
        """A number of the standard normal distribution."""
        return _NORMAL.inv_cdf(min(max(self.share(name), 1e-9), 1 - 1e-9))

    def whole(self, name: str, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + int(self.share(name) * (high - low + 1))

    def pick(self, name: str, weighted: Mapping[T, float]) -> T:
        """One of the keys, by their weights."""
        keys, bounds = tuple(weighted), tuple(accumulate(weighted.values()))
        return keys[min(len(keys) - 1, bisect_right(bounds, self.share(name) * bounds[-1]))]

    def one_of(self, name: str, things: tuple[T, ...]) -> T:
        """One of several, each as likely as the others."""
        return things[int(self.share(name) * len(things))]

    def stream(self, name: str) -> Random:
        """As many draws as wanted; those already taken stay the same when more are taken later."""
        return Random(_digest(f"{self._key}:{name}"))


def _digest(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def below(value: float) -> float:
    """The share of people of the standard normal distribution that lie below a value."""
    return _NORMAL.cdf(value)
