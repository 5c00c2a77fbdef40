"""The tables that a new database decides by at once: one file a table, as `chezhe table lint` reads it, published as shipped data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from chezhe.decisiontables import files
from chezhe.decisiontables.values import Column, Table
from chezhe.policies.rules import Contract, Offered

FOLDER = Path(__file__).parent
EFFECTIVE_FROM = date(2018, 1, 1)


@dataclass(frozen=True, slots=True)
class Shipped:
    """A table with what it is called and what it must answer with."""

    code: str
    name: str
    english: str
    purpose: str
    purpose_english: str
    table: Table
    contract: Contract


@cache
def columns() -> tuple[Offered, ...]:
    """Every fact that a shipped table asks about, each once: any table may ask about it."""
    return tuple({offered.name: offered for one in shipped() for offered in one.contract.inputs}.values())


def shipped() -> Iterator[Shipped]:
    """Every shipped table, in the order in which an application meets them."""
    listed = json.loads((FOLDER / "policies.json").read_text(encoding="utf-8"))
    for told in listed["policies"]:
        table = files.from_json(json.loads((FOLDER / f"{told['code']}.json").read_text(encoding="utf-8")))
        yield Shipped(
            told["code"], told["name"], told["english"], told["purpose"], told["purpose_english"], table,
            _contract(told, table, listed["english"]),
        )


def _contract(told: Mapping[str, Any], table: Table, english: Mapping[str, str]) -> Contract:
    def offered(column: Column) -> Offered:
        return Offered(column.name, column.type, column.title, english[column.name], column.unit, column.values)

    return Contract(
        tuple(told["hit_policies"]), tuple(map(offered, table.inputs)), tuple(map(offered, table.outputs)), told["needs_otherwise"],
    )


def seed_policies(**_named: Any) -> None:
    """Add the shipped tables that are missing, each with its first version published; what exists stays as it is."""
    from chezhe.kernel import clock, moves
    from chezhe.kernel.actor import SYSTEM
    from chezhe.policies import judging
    from chezhe.policies.models import Policy, PolicyVersion

    known = set(Policy.objects.values_list("code", flat=True))
    for place, one in enumerate(shipped(), start=1):
        if one.code in known:
            continue
        policy = Policy.objects.create(
            code=one.code, name=one.name, english=one.english, purpose=one.purpose, purpose_english=one.purpose_english,
            contract=one.contract.as_json(), place=place,
        )
        version = PolicyVersion(
            policy=policy, version=1, number=f"{one.code}-v1", status="published", effective_from=EFFECTIVE_FROM, is_shipped=True,
            drafted_by_name=SYSTEM.name, drafted_at=clock.now(), published_by_name=SYSTEM.name, published_at=clock.now(),
        )
        version.write(one.table)
        version.findings = judging.as_json(judging.judge(policy, one.table))
        version.save()
        moves.record(version.subject, "publish_version", "", "published", by=SYSTEM)
