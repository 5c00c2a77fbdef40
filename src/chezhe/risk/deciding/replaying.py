"""Deciding an old record again: the stored inputs, the stored versions by their hashes, and the same bytes or a reason why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.decisiontables.closures import Compiled
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.policies import queries as policy_queries
from chezhe.risk.deciding import arms, assembling, champion, record, rules
from chezhe.risk.deciding.models import Decision
from chezhe.risk.deciding.values import ROUTE, Case, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """`is_same`: the bytes are equal. `trouble` says why nothing could be decided: a version that is gone, a record that was altered."""

    number: str
    is_same: bool
    kept: str
    made: str = ""
    trouble: str = ""
    differs: tuple[str, ...] = ()


class Altered(BusinessError):
    """The record no longer has the digest that was written beside it."""

    code = "decision_altered"
    sentence = _("决策 %(number)s 的记录已被改动，与写入时的摘要不符。")


def told(decision: Decision) -> dict[str, Any]:
    """The record as plain JSON. Raises Altered when its bytes are not those that were written."""
    body = decision.record.encode()
    if record.digest(body) != decision.digest:
        raise Altered(number=decision.number)
    return record.read(body)


def exceptions_of(decision: Decision) -> int:
    """How many exceptions to policy the case would be, as its route was asked with them. Raises Altered (409)."""
    stages = [
        Stage(
            name=said["name"], verdict=said["verdict"], rows=tuple(said["rows"]), unknown=tuple(said["unknown"]), trouble=said["trouble"],
        )
        for said in told(decision)["verdict"]["stages"] if said["name"] != ROUTE
    ]
    return int(str(rules.standing(stages)["exceptions"]))


def case_of(kept: Mapping[str, Any]) -> Case:
    """The case of a record, with its tables and its model. Raises NotFound (404) for a version that is nowhere any more."""
    tables = _tables({name: policy["hash"] for name, policy in kept["policies"].items() if policy is not None})
    model = None
    if kept["model"] is not None:
        scorer = champion.scorer_called(kept["model"]["hash"])
        if scorer is None:
            raise NotFound(what=kept["model"]["hash"])
        model = scorer.model
    return Case(
        facts=record.facts_of(kept), strategy=record.strategy_with(kept, tables, model), bounds=record.bounds_of(kept),
        cover=record.cover_of(kept), asks_fees=record.asks_fees(kept), cars=record.cars_of(kept),
    )


def replay(decision: Decision) -> Replay:
    """Decide once more, by what was known and in force then."""
    try:
        kept = told(decision)
        case = case_of(kept)
    except (Altered, ValueError, KeyError):
        return Replay(number=decision.number, is_same=False, kept=decision.digest, trouble="record_altered")
    except NotFound as gone:
        return Replay(number=decision.number, is_same=False, kept=decision.digest, trouble=f"version_gone:{gone.facts.get('what', '')}")
    made = record.write(record.heading_of(kept), case, record.figures_of(kept), rules.decide(case))
    return Replay(
        number=decision.number, is_same=made.body == decision.record.encode(), kept=decision.digest, made=made.digest,
        differs=_differences(kept, record.read(made.body)),
    )


def _differences(kept: Mapping[str, Any], made: Mapping[str, Any]) -> tuple[str, ...]:
    """Which parts of the record are not the same."""
    found = [part for part in kept if part != "verdict" and kept[part] != made.get(part)]
    return tuple(found + [f"verdict.{part}" for part in kept["verdict"] if kept["verdict"][part] != made["verdict"].get(part)])


def table_called(content_hash: str) -> Compiled:
    """A table by its hash, from what was published, else from what a live trial holds. Raises NotFound (404)."""
    return _tables({"": content_hash})[""]


def _tables(hashes: Mapping[str, str]) -> dict[str, Compiled]:
    """Every table by its name, from what was published with these hashes, else from what a live trial holds."""
    versions, tables = policy_queries.by_hashes(set(hashes.values())), {}
    for name, content_hash in hashes.items():
        is_published = content_hash in versions
        compiled = assembling.compiled_or_none(versions[content_hash]) if is_published else arms.table_called(content_hash)
        if compiled is None:
            raise NotFound(what=content_hash)
        tables[name] = compiled
    return tables
