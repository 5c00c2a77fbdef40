"""What came as JSON, read strictly into frozen shapes: no text for a number, nothing missing, nothing out of bounds."""

from __future__ import annotations

from threading import Lock
from typing import TypeVar

import msgspec

T = TypeVar("T")

# msgspec works a shape out when it first meets it, and two threads that meet one at the same moment end the process (0.22): one at a time.
_ONE_AT_A_TIME = Lock()


def converted(said: object, shape: type[T]) -> T:
    """Plain values as a shape. Raises msgspec.ValidationError, or RecursionError for what is nested too deep."""
    with _ONE_AT_A_TIME:
        return msgspec.convert(said, shape, strict=True)


def decoded(text: str, shape: type[T]) -> T:
    """Kept text as a shape. Raises msgspec.ValidationError, and msgspec.DecodeError for what is no JSON."""
    with _ONE_AT_A_TIME:
        return msgspec.json.decode(text, type=shape, strict=True)
