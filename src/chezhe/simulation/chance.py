"""Chance with weights."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import TypeVar

T = TypeVar("T")


def pick(rng: Random, weighted: Mapping[T, int]) -> T:
    """One of the keys, by their weights."""
    return rng.choices(tuple(weighted), weights=tuple(weighted.values()))[0]
