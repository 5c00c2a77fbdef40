"""How likely it is that two things which no number joins are the same money, and why. Pure values.

A confidence is a sum of points for what agrees, at most 99: only a shared number makes certainty, and that is no suggestion.
Banks write names with stars (张*, *三丰) and only the last digits of an account, so names are compared star by star.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

CONFIDENCE_MIN, CONFIDENCE_MAX = 40, 99
# Nothing less sure is accepted without somebody looking at it.
BULK_MIN = 75
DAYS_MAX = 10
# Two sums this near may be one sum less a fee.
NEAR_FEN, NEAR_SHARE = 5_000, 50
_TOKEN = re.compile(r"[A-Z]{1,3}\d{2}-\d{6,12}-\d|\d{8,}")
_STARS = re.compile(r"[*＊x×]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sight:
    """What can be seen of one side of a movement that has no partner yet."""

    key: int
    sides: frozenset[str]
    on: date
    fen: int
    names: frozenset[str] = frozenset()
    tails: frozenset[str] = frozenset()
    words: str = ""

    @property
    def tokens(self) -> frozenset[str]:
        return frozenset(_TOKEN.findall(self.words.upper()))


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that agrees, with its points; `given` is what agrees or by how much it differs."""

    code: str
    points: int
    given: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`first` and `second` may be the same money."""

    first: int
    second: int
    confidence: int
    reasons: tuple[Reason, ...]


def suggestions(sights: Sequence[Sight], *, apart: frozenset[tuple[int, int]] = frozenset()) -> list[Suggestion]:
    """The best partner of each, the surest first; nothing is suggested twice, nothing that somebody has refused.

    `apart` holds refused pairs of keys, the smaller first. Two that are equally likely for one are both shown, marked as rivals.
    """
    ordered = sorted(sights, key=lambda s: (abs(s.fen), s.key))
    found = []
    for at, one in enumerate(ordered):
        for other in ordered[at + 1 :]:
            if abs(other.fen) - abs(one.fen) > _near(other.fen):
                break
            pair = (min(one.key, other.key), max(one.key, other.key))
            if pair not in apart and (said := compare(one, other)) is not None:
                found.append(said)
    return _best(found)


def compare(one: Sight, other: Sight) -> Suggestion | None:
    """None when they cannot be the same money or too little speaks for it."""
    days = abs((one.on - other.on).days)
    if one.sides & other.sides or (one.fen > 0) != (other.fen > 0) or days > DAYS_MAX:
        return None
    reasons = [reason for reason in (_amount(one, other), _day(days), _name(one, other), _tail(one, other), _words(one, other)) if reason]
    confidence = min(CONFIDENCE_MAX, sum(reason.points for reason in reasons))
    if confidence < CONFIDENCE_MIN or not any(reason.code.startswith("amount") for reason in reasons):
        return None
    return Suggestion(min(one.key, other.key), max(one.key, other.key), confidence, tuple(reasons))


def _near(fen: int) -> int:
    return min(NEAR_FEN, abs(fen) // NEAR_SHARE)


def _amount(one: Sight, other: Sight) -> Reason | None:
    away = abs(one.fen - other.fen)
    if not away:
        return Reason("amount", 45)
    return Reason("amount_near", 15, f"{away // 100}.{away % 100:02d}") if away <= _near(max(abs(one.fen), abs(other.fen))) else None


def _day(days: int) -> Reason | None:
    points = 20 if days == 0 else 16 if days == 1 else 10 if days <= 3 else 4
    return Reason("same_day" if days == 0 else "days_apart", points, str(days) if days else "")


def _name(one: Sight, other: Sight) -> Reason | None:
    for a in sorted(one.names):
        for b in sorted(other.names):
            if alike := likeness(a, b):
                return Reason("name" if alike == 2 else "name_masked", 15 if alike == 2 else 9)
    return None


def _tail(one: Sight, other: Sight) -> Reason | None:
    shared = sorted(one.tails & other.tails)
    return Reason("tail", 12, shared[0]) if shared else None


def _words(one: Sight, other: Sight) -> Reason | None:
    shared = sorted(one.tokens & other.tokens)
    return Reason("token", 25, shared[0]) if shared else None


def likeness(one: str, other: str) -> int:
    """2 for the same name, 1 when stars hide the difference (张* and 张三), 0 otherwise."""
    a, b = (re.sub(r"[\s（）()·•]", "", name) for name in (one, other))
    if not a or not b:
        return 0
    if a == b:
        return 2
    if not (_STARS.search(a) or _STARS.search(b)):
        return 0
    short, long = sorted((_STARS.sub("*", a), _STARS.sub("*", b)), key=len)
    if len(short) != len(long) and "*" not in short:
        return 0
    return int(len(short) == len(long) and all("*" in (x, y) or x == y for x, y in zip(short, long, strict=True)))


def _best(found: Iterable[Suggestion]) -> list[Suggestion]:
    """The surest of each; equal rivals stay."""
    ranked = sorted(found, key=lambda s: (-s.confidence, s.first, s.second))
    top: dict[int, int] = {}
    kept = []
    for said in ranked:
        if said.confidence >= max(top.get(said.first, 0), top.get(said.second, 0)):
            kept.append(said)
            for key in (said.first, said.second):
                top[key] = max(top.get(key, 0), said.confidence)
    return kept


def unrivalled(found: Sequence[Suggestion]) -> list[Suggestion]:
    """Those whose two ends are named by no other suggestion: what may be accepted in bulk."""
    times: dict[int, int] = {}
    for said in found:
        for key in (said.first, said.second):
            times[key] = times.get(key, 0) + 1
    return [said for said in found if times[said.first] == times[said.second] == 1]
