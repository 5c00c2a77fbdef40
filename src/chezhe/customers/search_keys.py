"""Keys by which Chinese names are found without an extension of the database: pinyin, initials, characters and pairs."""

from __future__ import annotations

import re

from pypinyin import Style, lazy_pinyin

from chezhe.customers.seeds import SURNAME_READINGS
from chezhe.identifiers.names import surname_of

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")


def syllables(name: str, *, is_person: bool) -> list[str]:
    """The reading of a name in lower-case letters and digits, one entry a character or word."""
    head = surname_of(name) if is_person else ""
    reading = SURNAME_READINGS.get(head)
    rest = name[len(head):] if reading else name
    spoken = [*(reading.split() if reading else []), *lazy_pinyin(rest, style=Style.NORMAL, errors=list)]
    cleaned = (re.sub(r"[^a-z0-9]", "", part.lower().replace("ü", "v")) for part in spoken)
    return [part for part in cleaned if part]


def pinyin(name: str, *, is_person: bool) -> str:
    """`王小明` → `wangxiaoming`."""
    return "".join(syllables(name, is_person=is_person))[:400]


def initials(name: str, *, is_person: bool) -> str:
    """`王小明` → `wxm`."""
    return "".join(part[0] for part in syllables(name, is_person=is_person))[:100]


def grams(*texts: str) -> list[str]:
    """Every character and every pair of neighbours, lower case: what the GIN index holds and what a query asks for. A person is found by
    the name of his trade as well."""
    found: set[str] = set()
    for text in texts:
        plain = re.sub(r"\s", "", text.lower())
        found |= {*plain, *(plain[i:i + 2] for i in range(len(plain) - 1))}
    return sorted(found)


def query_grams(text: str) -> list[str]:
    """The fewest keys that a name holding `text` must have: its pairs, or the character itself."""
    plain = re.sub(r"\s", "", text.lower())
    return sorted({plain[i:i + 2] for i in range(len(plain) - 1)} or set(plain))


def is_chinese(text: str) -> bool:
    """Whether any character of the text is Chinese."""
    return bool(_HAN.search(text))
