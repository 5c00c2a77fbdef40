"""Tags of a customer by rules that stand in `tags.json`: every condition of a rule must hold of known facts; an unknown fact gives no
tag. Tags describe; no price and no decision reads them (PIPL Art. 24), and no rule may ask for what people must not be sorted by."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from chezhe.risk.facts.catalogue import CATALOGUE
from chezhe.risk.facts.definitions import INTEGER, MONEY, RATE
from chezhe.risk.profiles.choices import TAGS

RULES: Final = Path(__file__).parent / "tags.json"
# What nobody is sorted by: who somebody is, not what they did.
PROTECTED: Final = frozenset(("age_years", "education", "marital_status", "is_local", "house_owner", "region"))
_COMPARED: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "=": operator.eq,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """`when` are (fact, comparison, figure); money in fen, shares as fractions."""

    tag: str
    tone: str
    when: tuple[tuple[str, str, Decimal], ...]

    def holds(self, facts: Mapping[str, Any]) -> bool:
        """Whether every condition holds of what is known."""
        return all(code in facts and _COMPARED[sign](facts[code], figure) for code, sign, figure in self.when)


def tags_of(facts: Mapping[str, Any]) -> list[Rule]:
    """The rules that hold, in their order."""
    return [rule for rule in rules() if rule.holds(facts)]


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """The rules that are shipped."""
    return read(RULES.read_text())


def read(text: str) -> tuple[Rule, ...]:
    """Rules from their JSON. Raises ValueError for a tag without a name, a fact that is none, or one that must not be sorted by."""
    return tuple(_rule(told) for told in json.loads(text))


def _rule(told: Mapping[str, Any]) -> Rule:
    if told["tag"] not in TAGS:
        raise ValueError(f"tag without a name: {told['tag']}")
    for code, sign, _figure in told["when"]:
        if code in PROTECTED:
            raise ValueError(f"nobody is sorted by {code}")
        if code not in CATALOGUE or CATALOGUE[code].type not in (INTEGER, MONEY, RATE) or sign not in _COMPARED:
            raise ValueError(f"no condition on a figure: {code} {sign}")
    return Rule(told["tag"], told["tone"], tuple((code, sign, Decimal(figure)) for code, sign, figure in told["when"]))
