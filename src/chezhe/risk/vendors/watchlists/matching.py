"""Names that may be one name: written in characters or in letters, with the family name first or last, with a letter wrong.

A score is a number of thousandths. Characters against characters count each position; letters are compared by pinyin and by how many
letters must change. Only a person decides whether a hit is the same party: below `HIT` it is no hit, above nobody is let through alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from pypinyin import lazy_pinyin

from chezhe.risk.vendors.watchlists.answers import Hit, ListEntry

HIT = 850
SAME = 1000
SOUND = 900
_WORDS_MAX = 6
_CJK = re.compile("[\u3400-\u9fff]")
_WORD = re.compile(r"[a-z]+")
_FIRMS = re.compile("(有限责任公司|股份有限公司|有限公司|集团|company|limited|co ltd|ltd|llc|inc)$")


def screen(name: str, entries: Iterable[ListEntry], *, id_number: str = "", is_person: bool = True) -> list[Hit]:
    """Entries that the name (or the number) is like, the likest first. A birth year that differs by more than two takes 200 off."""
    found = []
    for entry in entries:
        if entry.is_person != is_person or entry.delisted_on is not None:
            continue
        if id_number and id_number in entry.id_numbers:
            found.append(Hit(entry=entry, score=SAME, matched=entry.names[0]))
            continue
        score, matched = max((likeness(name, written), written) for written in entry.names)
        score -= 200 if _is_other_age(id_number, entry) else 0
        if score >= HIT:
            found.append(Hit(entry=entry, score=score, matched=matched))
    return sorted(found, key=lambda hit: (-hit.score, hit.entry.number))


def likeness(one: str, other: str) -> int:
    """0 to 1000, exact from `HIT` on. The same sound in other characters is at most 900: in Chinese many people share a sound."""
    first, second = _plain(one), _plain(other)
    if not first or not second:
        return 0
    if first == second:
        return SAME
    if _CJK.search(first) and _CJK.search(second):
        return max(_close(first, second), SOUND if _sound(first) == _sound(second) else 0)
    most = SOUND if _CJK.search(first) or _CJK.search(second) else SAME
    return min(most, max(_close(order, _orders(second)[0]) for order in _orders(first)))


def _is_other_age(id_number: str, entry: ListEntry) -> bool:
    if entry.born_year is None or len(id_number) != 18 or not id_number[6:10].isdigit():
        return False
    return abs(int(id_number[6:10]) - entry.born_year) > 2


@lru_cache(maxsize=65_536)
def _plain(name: str) -> str:
    """Lower case, without accents, punctuation and the usual ends of firms' names."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    text = "".join(c if c.isalnum() else " " for c in text if not unicodedata.combining(c))
    text = " ".join(text.split())
    return _FIRMS.sub("", text).strip() or text


@lru_cache(maxsize=65_536)
def _sound(text: str) -> str:
    return "".join(lazy_pinyin(text.replace(" ", "")))


@lru_cache(maxsize=65_536)
def _orders(text: str) -> tuple[str, ...]:
    """The letters of a name, as they stand and begun at each other word (of characters: syllable), so that either name may come first."""
    words = lazy_pinyin(text.replace(" ", "")) if _CJK.search(text) else _WORD.findall(text)
    starts = range(max(1, min(len(words), _WORDS_MAX)))
    return tuple(dict.fromkeys("".join((*words[start:], *words[:start])) for start in starts))


def _close(one: str, other: str) -> int:
    """1000 less what must change, in proportion to the longer; a short name may not differ at all. Where the letters alone, in any order,
    are too different for a hit, that bound is answered."""
    longest = max(len(one), len(other))
    if longest == 0:
        return 0
    for least in (abs(len(one) - len(other)), _unlike(one, other)):
        if SAME - least * SAME // longest < HIT:
            return SAME - least * SAME // longest
    return SAME - _changes(one, other) * SAME // longest


def _unlike(one: str, other: str) -> int:
    """Letters of the longer name that the other lacks, wherever they stand."""
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    return sum(max(0, longer.count(letter) - shorter.count(letter)) for letter in set(longer))


def _changes(one: str, other: str) -> int:
    """How many letters must be put, taken or changed (Levenshtein), two neighbours that changed places counting as one."""
    before, row = [], list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
