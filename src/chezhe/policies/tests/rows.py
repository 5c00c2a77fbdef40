"""One row of a shipped table as figures written by hand: what it catches alone, and the nearest case that it does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from chezhe.decisiontables.closures import Compiled, compile_table
from chezhe.policies import seeds


@dataclass(frozen=True)
class Row:
    """`hits` is caught by row `number` and no other, with the answer `says`; each of `nexts` is a case beside it with the rows that catch it."""

    number: int
    hits: Mapping[str, Any]
    says: Any
    nexts: tuple[tuple[Mapping[str, Any], tuple[int, ...]], ...]

    def __str__(self) -> str:
        return f"row {self.number}"


@cache
def table(code: str) -> Compiled:
    """A shipped table as its file has it."""
    return compile_table(next(one.table for one in seeds.shipped() if one.code == code))


def require(code: str, row: Row, facts: Mapping[str, Any]) -> None:
    """Fail unless the row answers its own case alone, and its neighbours are answered by the rows that are named."""
    found = table(code).evaluate({**facts, **row.hits})
    assert (found.outcome, found.rows_hit, found.outputs) == ("matched", (row.number,), row.says)
    for beside, rows in row.nexts:
        near = table(code).evaluate({**facts, **row.hits, **beside})
        assert (near.rows_hit, near.unknown) == (rows, ()), beside


def require_all(code: str, rows: tuple[Row, ...]) -> None:
    """Fail unless every row of the table has its case, in order."""
    assert [row.number for row in rows] == list(range(1, len(table(code).table.rules) + 1))
