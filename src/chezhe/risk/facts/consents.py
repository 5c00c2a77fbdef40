"""The consents on which facts were asked for. A fact names the line of the ledger: `customer:C26-…#17`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from chezhe.compliance import queries as compliance_queries
from chezhe.compliance.labels import CONSENT_KINDS
from chezhe.ui import formats

_LABELS = dict(CONSENT_KINDS)


@dataclass(frozen=True, slots=True)
class Agreed:
    """What somebody agreed to, when, and our own number of the proof."""

    kind: str
    number: str
    given_on: date

    @property
    def label(self) -> Any:
        return _LABELS.get(self.kind, self.kind)

    @property
    def words(self) -> str:
        """`征信查询授权 SQ-1 2026-03-16`."""
        return f"{self.label} {self.number} {formats.day(self.given_on)}"

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "number": self.number, "given_on": self.given_on}


def named(lines: Iterable[str]) -> dict[str, Agreed]:
    """By the name of the line what was agreed to, in one statement; what names no line of that subject is left out."""
    wanted = {line: int(place) for line in set(lines) if (place := line.rpartition("#")[2]).isdecimal()}
    rows = compliance_queries.consents_at(wanted.values()) if wanted else {}
    return {
        line: Agreed(row.kind, row.evidence, row.given_on)
        for line, place in wanted.items() if (row := rows.get(place)) is not None and line == f"{row.subject}#{place}"
    }
