"""What a few typed characters can mean: each way to read them, and the condition it gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

from django.db.models import Model, Q, QuerySet

from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import ByReach

M = TypeVar("M", bound=Model)
Kinds = tuple[tuple[int, int], ...]


class Reading(NamedTuple):
    """`reads(code)` tells whether it can be meant; `values(code)` is what is looked for, `narrow(*values)` the condition."""

    reads: Callable[[str], bool]
    values: Callable[[str], Sequence[str]]
    narrow: Callable[..., Q]


class Meaning(NamedTuple):
    """Which readings fit, and all that is looked for: the same `kinds` and as many values give the same statement."""

    kinds: Any
    values: tuple[str, ...]


class Readings:
    """What could mean several things is tried as all of them. Its kinds say which readings, each with the number of its values."""

    def __init__(self, *readings: Reading) -> None:
        self._readings = readings

    def of(self, code: str, *, first: int = 0) -> Meaning:
        """How it is read; only by the readings from `first` on."""
        numbered = enumerate(self._readings[first:], first)
        fitting = [(number, reading.values(code)) for number, reading in numbered if reading.reads(code)]
        return Meaning(tuple((number, len(values)) for number, values in fitting), tuple(v for _number, values in fitting for v in values))

    def condition(self, kinds: Kinds, values: Sequence[str]) -> Q:
        """Of a `Meaning`, or of stand-ins for its values; nothing is found where nothing fits."""
        found, at = Q(pk__in=[]), 0
        for number, count in kinds:
            found |= self._readings[number].narrow(*values[at:at + count])
            at += count
        return found


class Searched(Generic[M]):
    """What a meaning finds inside somebody's reach: `make(by, meant)` builds the queryset around the condition that `condition` makes of
    kinds and values. Composed once for each way of reading and each kind of reach."""

    WAYS_MAX = 256

    def __init__(self, condition: Callable[[Any, Sequence[str]], Q], make: Callable[[Actor, Q], QuerySet[M]]) -> None:
        self._condition, self._make = condition, make
        self._way = lru_cache(maxsize=self.WAYS_MAX)(self._composed)

    def objects(self, actor: Actor, meaning: Meaning) -> list[M]:
        """The objects found."""
        return self._way(meaning.kinds, len(meaning.values)).objects(actor, *meaning.values)

    def _composed(self, kinds: Any, count: int) -> ByReach[M]:
        return ByReach(
            lambda by, *values: self._make(by, self._condition(kinds, values)), *(f"?{number}" for number in range(count)))
