"""What joins people: the kinds of traces, how common a value may be, and how like two customers are. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

KINDS: Final = (
    "phone", "address", "device", "guarantor", "employer", "employer_phone", "bank_card", "vin", "plate", "id",
)
# A number found as somebody's own phone and as another's employer phone is one value; so is a guarantor's number and their own.
FAMILIES: Final[Mapping[str, str]] = {"employer_phone": "phone", "guarantor": "id"}
# A value carried by more people than this says nothing of those who carry it: a mall's address, a big employer, the switchboard of a
# company, the tablet of a branch. It is counted in the facts and joins nobody. Per family:
DEGREE_MAX: Final[Mapping[str, int]] = {
    "phone": 20, "address": 12, "device": 20, "employer": 8, "bank_card": 20, "vin": 20, "plate": 20, "id": 20,
}
DEPTH_MAX = 3
RING_MAX = 200
# Counting stops here: who shares a phone with fifty people is not asked whether it is fifty-one.
COUNT_MAX = 99

# Of each shared value, and of what two files say alike; 100 is certain.
_SHARED: Final[Mapping[str, int]] = {
    "phone": 40, "bank_card": 50, "device": 25, "address": 30, "employer": 10, "vin": 25, "plate": 25, "id": 35,
}
SAME_NAME, SAME_SOUND, ONE_CHARACTER, SAME_BIRTH, SAME_TAIL = 25, 15, 10, 25, 15
CANDIDATE_MIN = 55
OUTCOMES = ("bad", "good")


def family_of(kind: str) -> str:
    """The family whose values are compared with each other."""
    return FAMILIES.get(kind, kind)


@dataclass(frozen=True, slots=True)
class Profile:
    """One customer as they are compared: `values` are (family, digest); names in the clear, only in memory."""

    party: str
    is_person: bool
    name: str
    sound: str
    values: frozenset[tuple[str, str]]
    birth_date: date | None = None
    id_tail: str = ""


@dataclass(frozen=True, slots=True)
class Resemblance:
    """`score` of 100, the reason codes with their points, and what it probably is."""

    score: int
    reasons: tuple[tuple[str, int], ...]
    suggestion: str


def resemblance(one: Profile, other: Profile) -> Resemblance:
    """How like two customers are. Two different ID numbers stand before us always: the same person cannot be on file twice under one."""
    reasons = [(f"same_{family}", _SHARED[family]) for family in sorted({f for f, _digest in one.values & other.values} & set(_SHARED))]
    if one.is_person and other.is_person:
        reasons += _of_names(one, other)
        if one.birth_date is not None and one.birth_date == other.birth_date:
            reasons.append(("same_birth_date", SAME_BIRTH))
        if one.id_tail and one.id_tail == other.id_tail:
            reasons.append(("same_id_tail", SAME_TAIL))
    elif one.name == other.name:
        reasons.append(("same_name", SAME_NAME))
    score = min(100, sum(points for _code, points in reasons))
    return Resemblance(score, tuple(reasons), _suggestion(one, other, {code for code, _points in reasons}))


def _of_names(one: Profile, other: Profile) -> list[tuple[str, int]]:
    if one.name == other.name:
        return [("same_name", SAME_NAME)]
    if one.sound and one.sound == other.sound:
        return [("same_sound", SAME_SOUND)]
    return [("one_character_apart", ONE_CHARACTER)] if _one_apart(one.name, other.name) else []


def _one_apart(one: str, other: str) -> bool:
    """王小明 and 王晓明; the surname is the same."""
    return len(one) == len(other) >= 3 and one[0] == other[0] and sum(a != b for a, b in zip(one, other, strict=True)) == 1


def _suggestion(one: Profile, other: Profile, codes: set[str]) -> str:
    if not (one.is_person and other.is_person):
        return "same_controller"
    named = codes & {"same_name", "same_sound", "one_character_apart"}
    if named and codes & {"same_birth_date", "same_phone", "same_bank_card", "same_id_tail"}:
        return "duplicate"
    return "household"


@dataclass(frozen=True, slots=True)
class Link:
    """`party` carries the value `(family, digest)`, as `kinds` and `masked` say; of a decided relation the family is `confirmed`."""

    party: str
    family: str
    digest: str
    kinds: tuple[str, ...]
    masked: str


@dataclass(frozen=True, slots=True)
class Ring:
    """Everybody reached from `centre` in at most DEPTH_MAX steps, nearest first, with the values that join them.

    `is_cut` says that there are more than RING_MAX; `common` are values of the centre that too many carry to join anybody.
    """

    centre: str
    parties: tuple[str, ...]
    links: tuple[Link, ...]
    common: tuple[tuple[str, int], ...] = ()
    is_cut: bool = False

    @property
    def people(self) -> tuple[str, ...]:
        """The customers among the parties; dealers and orphaned applications are shown and not counted."""
        return tuple(party for party in self.parties if party.startswith("customer:"))

    @property
    def size(self) -> int:
        return max(1, len(self.people))


def bad_rate(people: Iterable[str], centre: str, bad: Iterable[str]) -> Decimal:
    """Which share of the others in the ring had turned bad, with four decimals; 0 for who is alone."""
    others = {person for person in people if person != centre}
    if not others:
        return Decimal(0)
    return (Decimal(len(others & set(bad))) / Decimal(len(others))).quantize(Decimal("0.0001"))


def pair(one: str, other: str) -> tuple[str, str]:
    """Two parties in the order in which a relation between them is kept."""
    return (one, other) if one < other else (other, one)
