"""The one list of features, for training and for serving: what is not in it cannot be recorded."""

from __future__ import annotations

from typing import Final

from chezhe.risk.facts.catalogue import applications, behaviour, companies, dealers, people, relations, vehicles
from chezhe.risk.facts.definitions import FactDefinition

_ALL: Final = (*people.FACTS, *companies.FACTS, *vehicles.FACTS, *relations.FACTS, *dealers.FACTS, *applications.FACTS, *behaviour.FACTS)
# In the rows that models are trained on, and told by nothing that serves: a decision by one of these lacks a fact, always.
UNSERVED: Final = ("employer_months", "education", "house_owner", "dealer_first_payment_default_rate")
CATALOGUE: Final[dict[str, FactDefinition]] = {definition.code: definition for definition in _ALL}

if len(CATALOGUE) != len(_ALL):
    raise ValueError("two facts share a code")


def asked_of(source: str) -> list[FactDefinition]:
    """The facts that a source usually tells."""
    return [definition for definition in _ALL if definition.source == source]
