"""What lint and contract say of a table, as one list that can be kept, shown and sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chezhe.decisiontables import lint
from chezhe.decisiontables.values import Table
from chezhe.policies import rules, vocabulary
from chezhe.policies.models import Policy

ERROR = "error"
_ORDER = {ERROR: 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class Judged:
    """One finding: a stable code, where (row from 1, a column's name; neither for the whole table), the facts of its sentence, and
    the facts of a case that shows it."""

    code: str
    severity: str
    row: int | None = None
    column: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    example: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_error(self) -> bool:
        return self.severity == ERROR


def judge(policy: Policy, table: Table) -> list[Judged]:
    """Everything there is to say about a table, errors first, then in the order of its rows."""
    contract = [
        Judged(breach.code, ERROR, breach.row, breach.column, dict(breach.facts or {}))
        for breach in rules.breaches(policy.agreed, table, vocabulary.offered())
    ]
    said = {one.code for one in contract}
    # Where the contract wants a row for everything else, lint's advice to add one would say the same twice.
    linted = [_of_lint(finding) for finding in lint.lint(table) if not (finding.code == "no_otherwise" and "otherwise_missing" in said)]
    found = [*contract, *linted]
    return sorted(found, key=lambda one: (_ORDER.get(one.severity, 3), one.row or 0))


def _of_lint(finding: lint.Finding) -> Judged:
    return Judged(
        finding.code, str(finding.severity), finding.row or None, finding.column, _plain(finding.facts), _plain(finding.example or {}),
    )


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as JSON keeps them: numbers and days as text, nothing else changed."""
    return {name: value if isinstance(value, bool | int | str) or value is None else str(value) for name, value in facts.items()}


def as_json(found: Iterable[Judged]) -> list[dict[str, Any]]:
    """The findings as a version keeps them."""
    return [
        {"code": one.code, "severity": one.severity, "row": one.row, "column": one.column, "facts": dict(one.facts),
         "example": dict(one.example)}
        for one in found
    ]


def from_json(kept: Iterable[Mapping[str, Any]]) -> list[Judged]:
    """What `as_json` gave."""
    return [Judged(**one) for one in kept]


def fingerprint(content: Any) -> str:
    """The hash of a table's kept JSON, worked out without reading the table: what `hashing.content_hash` says of it."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
