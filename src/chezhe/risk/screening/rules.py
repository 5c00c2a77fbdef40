"""How risky a relationship is, and how like a listed name is. Pure.

The grade follows the factors that the Anti-Money-Laundering Law (2025-01-01, Art. 29–31) and the order on customer due diligence
(in force 2026-01-01) ask to be weighed: customer, region, business and channel. Points are house policy; a rule set counts from its day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

# The same people are held against one list after another, and the same names stand in every version of a list.
NAMES_KEPT: Final = 20_000
LOW, MEDIUM, HIGH = "low", "medium", "high"
GRADES: Final = (LOW, MEDIUM, HIGH)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Points of each factor from a day on. Some factors make the grade high whatever the points."""

    since: date
    points: Mapping[str, int]
    always_high: frozenset[str]
    medium_from: int
    high_from: int


RULE_SETS: Final = (
    RuleSet(
        since=date(2000, 1, 1),
        points={
            "cash_business": 30, "valuables": 30, "used_car_trade": 20, "crypto_or_remittance": 50, "no_fixed_work": 15, "pep": 60,
            "watch_hit": 100, "owners_unknown": 40, "agent": 20, "region_high": 40, "region_watched": 20, "layered": 20, "remote": 10,
            "purpose_unclear": 30,
        },
        always_high=frozenset({"watch_hit", "pep"}), medium_from=30, high_from=60,
    ),
    # From the day the order on due diligence counts, owners who cannot be found make the relationship a high risk.
    RuleSet(
        since=date(2026, 1, 1),
        points={
            "cash_business": 30, "valuables": 30, "used_car_trade": 20, "crypto_or_remittance": 60, "no_fixed_work": 15, "pep": 60,
            "watch_hit": 100, "owners_unknown": 60, "agent": 20, "region_high": 60, "region_watched": 20, "layered": 20, "remote": 10,
            "purpose_unclear": 30,
        },
        always_high=frozenset({"watch_hit", "pep", "owners_unknown"}), medium_from=30, high_from=60,
    ),
)
OCCUPATIONS: Final = ("ordinary", "cash_business", "valuables", "used_car_trade", "crypto_or_remittance", "no_fixed_work")
REGIONS: Final = ("ordinary", "region_watched", "region_high")
PURPOSES: Final = ("own_use", "business_use", "working_capital", "purpose_unclear")


@dataclass(frozen=True, slots=True)
class Answers:
    """What due diligence found: the codes of OCCUPATIONS, REGIONS and PURPOSES, and yes or no."""

    occupation: str
    region: str
    purpose: str
    is_pep: bool = False
    has_agent: bool = False
    is_remote: bool = False


@dataclass(frozen=True, slots=True)
class Graded:
    """`factors` are the codes that counted with their points, the heaviest first."""

    grade: str
    points: int
    factors: tuple[tuple[str, int], ...]


def rule_set(on: date) -> RuleSet:
    """The rules in force on a day."""
    return max((one for one in RULE_SETS if one.since <= on), key=lambda one: one.since)


def grade(answers: Answers, *, watch_hit: bool, owners_unknown: bool, layers: int, on: date) -> Graded:
    """The risk grade of a relationship; `layers` is how many companies stand between a company and its owners."""
    rules = rule_set(on)
    met = {
        answers.occupation: True, answers.region: True, answers.purpose: True, "pep": answers.is_pep, "agent": answers.has_agent,
        "remote": answers.is_remote, "watch_hit": watch_hit, "owners_unknown": owners_unknown, "layered": layers >= 3,
    }
    factors = sorted(((code, rules.points[code]) for code, is_met in met.items() if is_met and code in rules.points),
                     key=lambda factor: (-factor[1], factor[0]))
    points = sum(weight for _code, weight in factors)
    if points >= rules.high_from or rules.always_high & {code for code, _weight in factors}:
        found = HIGH
    else:
        found = MEDIUM if points >= rules.medium_from else LOW
    return Graded(found, points, tuple(factors))


# Names ------------------------------------------------------------------------------------------------------------------

_POINTS: Final = {
    "same_name": 70, "same_alias": 65, "same_sound": 45, "same_latin_name": 60, "same_birth_date": 25, "same_birth_year": 10,
    "other_birth_date": -45, "same_id_tail": 30, "other_id_tail": -60, "same_number": 100,
}


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody to be screened: the customer, or who stands behind a company (`role`)."""

    customer: str
    role: str
    is_person: bool
    name: str
    sound: str
    birth_date: date | None = None
    id_tail: str = ""
    number_digest: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a list as it is compared: `sounds` are the readings of its names; `birth` is a date, a year, or empty."""

    code: str
    is_person: bool
    names: tuple[str, ...]
    aliases: tuple[str, ...]
    sounds: tuple[str, ...] = ()
    birth: str = ""
    id_tails: tuple[str, ...] = ()
    number_digests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Likeness:
    """`score` from 0 to 100 with its reasons: (code, points)."""

    score: int
    reasons: tuple[tuple[str, int], ...]


@lru_cache(maxsize=NAMES_KEPT)
def name_key(text: str) -> str:
    """A name as it is compared: half-width by the caller, upper case, no blanks or punctuation, no legal form of a company."""
    flat = re.sub(r"[\s·•.,，。'’\"()（）《》\-]", "", text.upper())
    return re.sub(r"(?:COMPANYLIMITED|COLTD|LIMITED|LTD|INC|LLC)$", "", flat)


@lru_cache(maxsize=NAMES_KEPT)
def sound_key(latin: str) -> str:
    """Latin letters only; passports write ü as YU or V: `LYU`, `LV` → `lv`."""
    letters = re.sub(r"[^a-z]", "", latin.lower().replace("ü", "v"))
    return re.sub(r"(?<=[ln])yu", "v", letters)


def sound_keys(latin: str) -> tuple[str, ...]:
    """Every order in which a Latin name of two or three words may be written: `Xiaoming Wang` is `wangxiaoming`."""
    words = [sound_key(word) for word in re.split(r"[\s,\-]+", latin) if sound_key(word)]
    if not 2 <= len(words) <= 4:
        return (sound_key(latin),) if words else ()
    return tuple(dict.fromkeys(["".join(words), "".join([*words[1:], words[0]]), "".join([words[-1], *words[:-1]])]))


def is_latin(text: str) -> bool:
    """Whether a name is written in Latin letters only."""
    return text.isascii() and any(character.isalpha() for character in text)


def likeness(named: Named, listed: Listed) -> Likeness:
    """How surely a listed entry means this person or company."""
    if named.number_digest and named.number_digest in listed.number_digests:
        return Likeness(100, (("same_number", 100),))
    if named.is_person != listed.is_person:
        return Likeness(0, ())
    reasons = _of_name(named, listed)
    if not reasons:
        return Likeness(0, ())
    codes = [*reasons, *_of_birth(named.birth_date, listed.birth)]
    if named.id_tail and listed.id_tails:
        codes.append("same_id_tail" if named.id_tail in listed.id_tails else "other_id_tail")
    points = tuple((code, _POINTS[code]) for code in codes)
    return Likeness(max(0, min(100, sum(weight for _code, weight in points))), points)


def _of_name(named: Named, listed: Listed) -> list[str]:
    key = name_key(named.name)
    if key in {name_key(name) for name in listed.names}:
        return ["same_name"]
    if key in {name_key(alias) for alias in listed.aliases}:
        return ["same_alias"]
    if named.sound and named.sound in listed.sounds:
        # Somebody of whom only a Latin spelling is known cannot match better than by its sound.
        return ["same_latin_name"] if all(is_latin(name) for name in (*listed.names, *listed.aliases)) else ["same_sound"]
    return []


def _of_birth(born: date | None, listed: str) -> Iterable[str]:
    if born is None or not listed:
        return ()
    if len(listed) == 4:
        return ("same_birth_year",) if listed == f"{born:%Y}" else ("other_birth_date",)
    return ("same_birth_date",) if listed == born.isoformat() else ("other_birth_date",)
