"""Whether a contract stands on the securities of a subject.

Risk knows no contracts: the room that makes them for a kind of subject says here whether one stands.
"""

from __future__ import annotations

from collections.abc import Callable

Teller = Callable[[str], bool]
_tellers: dict[str, Teller] = {}


def register(kind: str, teller: Teller) -> None:
    """`teller(number)` says whether a contract of this subject is neither void nor settled. Call it in `AppConfig.ready`."""
    _tellers[kind] = teller


def stands(subject: str) -> bool:
    """Whether one does for `application:A26-…`; none does where nobody makes contracts for the kind."""
    kind, _colon, number = subject.partition(":")
    return kind in _tellers and _tellers[kind](number)
