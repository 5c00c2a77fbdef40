"""What the decision tables' room is offered: the catalogue of facts as columns, and recent decisions as cases to try a table with."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, Final

from django.utils import translation

from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.policies import examples, vocabulary
from chezhe.policies.examples import Example
from chezhe.policies.rules import Offered
from chezhe.risk import permissions
from chezhe.risk.deciding import queries, replaying, rules
from chezhe.risk.deciding.models import Decision
from chezhe.risk.facts.catalogue import CATALOGUE
from chezhe.risk.facts.definitions import BOOLEAN, DATE, INTEGER, MONEY, RATE, TEXT, FactDefinition

# How the tables call the types of facts.
COLUMN_TYPES: Final = {MONEY: "integer", RATE: "number", INTEGER: "integer", BOOLEAN: "boolean", TEXT: "text", DATE: "date"}


def register() -> None:
    """Called once at start-up."""
    vocabulary.register("risk", _columns)
    examples.register("risk", _recent)


def _columns() -> Iterable[Offered]:
    return [_offered(definition) for definition in CATALOGUE.values()]


def _offered(definition: FactDefinition) -> Offered:
    with translation.override("zh-hans"):
        title = str(definition.title)
    with translation.override("en"):
        english = str(definition.title)
    values = tuple(f'"{value}"' for value in definition.values)
    return Offered(definition.code, COLUMN_TYPES[definition.type], title, english, definition.unit, values)


def _recent(_policy_code: str, by: Actor, most: int) -> list[Example]:
    """The newest decisions in reach, named by what they were about. One whose record was altered tells nothing."""
    if not by.can(permissions.VIEW_FACTS.code):
        return []
    rows = queries.visible(by).order_by("-id")[:most]
    return [Example(row.number, f"{row.subject.partition(':')[2]} · {row.outcome_label}", partial(_facts, row)) for row in rows]


def _facts(row: Decision) -> dict[str, Any]:
    """What the decision was given, with what it came to on the way: a table behind the score asks for the score."""
    try:
        case = replaying.case_of(replaying.told(row))
    except (replaying.Altered, ValueError, NotFound):
        return {}
    verdict = rules.decide(case)
    given = {code: one.value for code, one in case.facts.items() if one.value is not None}
    found = {"score": verdict.scoring.score if verdict.scoring else None, "tier": verdict.tier or None, "asked_route": row.route or None}
    return given | {code: value for code, value in found.items() if value is not None} | rules.standing(verdict.stages[:-1])
