"""What a few typed characters can mean: each way to read them, and the condition it gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.db.models import Q

Kinds = tuple[tuple[int, int], ...]


class Reading(NamedTuple):
    """`reads(code)` tells whether it can be meant; `values(code)` is what is looked for, `narrow(*values)` the condition."""

    reads: Callable[[str], bool]
    values: Callable[[str], Sequence[str]]
    narrow: Callable[..., Q]


class Meaning(NamedTuple):
    """The readings that fit, each with the number of its values, and all their values: the same `kinds` give the same statement."""

    kinds: Kinds
    values: tuple[str, ...]


class Readings:
    """What could mean several things is tried as all of them."""

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
