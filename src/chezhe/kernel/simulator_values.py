"""What passes between the product and a simulated service: a call, its answer, a callback; and how unreliable a service is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """One signed request: `path` is what follows the simulator's name."""

    path: str
    body: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """`seconds` is how long it takes beyond what the service usually does: a caller that waits for less never hears it."""

    status: int
    body: Mapping[str, Any]
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Faults:
    """How unreliable a service is: rates between 0 and 1, delays of callbacks and of answers in seconds (drawn evenly)."""

    delay_seconds: tuple[float, float] = (1.0, 4.0)
    answer_seconds: tuple[float, float] = (0.0, 0.0)
    duplicate_rate: float = 0.0
    duplicates: int = 1
    drop_rate: float = 0.0
    error_before_rate: float = 0.0
    error_after_rate: float = 0.0
    timeout_rate: float = 0.0
    wrong_signature_rate: float = 0.0


@dataclass(order=True, slots=True)
class Callback:
    """A message on its way back to us."""

    due_at: datetime
    serial: int
    service: str = field(compare=False)
    path: str = field(compare=False)
    payload: dict[str, Any] = field(compare=False)
    attempt: int = field(default=0, compare=False)
    is_forged: bool = field(default=False, compare=False)
