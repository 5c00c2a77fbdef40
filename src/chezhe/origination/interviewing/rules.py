"""What makes an interview complete, whether one is needed, and the digest of what is signed. Pure values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chezhe.finmath.money import Money

ANSWER_MAX, REMARK_MAX, NOTE_MAX = 300, 200, 1000


@dataclass(frozen=True, slots=True)
class Said:
    """One answer: yes, no or words, with a remark where it is not as it should be."""

    answer: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with an answer: `missing`, `no_such_answer`, `remark_missing` or `too_long`."""

    code: str
    why: str


def flaws(asked: Sequence[tuple[str, str, str]], said: Mapping[str, Said]) -> list[Flaw]:
    """The answers that cannot stand. `asked` are (code, kind, expected) of each question."""
    found = []
    for code, kind, expected in asked:
        one = said.get(code, Said(""))
        answer = one.answer.strip()
        if not answer:
            found.append(Flaw(code, "missing"))
        elif kind == "yes_no" and answer not in ("yes", "no"):
            found.append(Flaw(code, "no_such_answer"))
        elif len(answer) > ANSWER_MAX or len(one.remark) > REMARK_MAX:
            found.append(Flaw(code, "too_long"))
        elif expected and answer != expected and len(one.remark.strip()) < 2:
            found.append(Flaw(code, "remark_missing"))
    return found


def is_needed(amount: Money | None, tier: str, *, amount_from: Money | None, tiers: str) -> bool:
    """Whether a loan of this amount to a borrower of this tier needs an interview; `tiers` are letters joined by commas. What no figure
    asks for is not needed."""
    listed = {one.strip() for one in tiers.split(",") if one.strip()}
    return (amount_from is not None and amount is not None and amount >= amount_from) or (bool(tier) and tier in listed)


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of the record in one written form, however its parts were put together."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
