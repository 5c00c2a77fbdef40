"""What a table answers, and everything that led to it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chezhe.decisiontables.syntax import Value

Outputs = dict[str, Value | None]


class Outcome(StrEnum):
    """How an evaluation ended. Only MATCHED gives an answer to act on."""

    MATCHED = "matched"
    NONE = "none"  # every row certainly fails
    REFER = "refer"  # a person decides: a fact is missing that could change the answer
    ERROR = "error"  # the table contradicts itself: two rows of UNIQUE, or two answers of ANY


@dataclass(frozen=True, slots=True)
class FactRead:
    """A fact as the table saw it; `reason` says why it is unknown ("missing", "wrong_type", …), "" when it is known."""

    name: str
    value: Value | None
    reason: str


@dataclass(frozen=True, slots=True)
class Trace:
    """Every cell's verdict, kept as one whole number a column: bit r-1 stands for row r.

    `matching` and `unknown` have one number for each input: the rows whose cell there is true, and those whose cell is unknown.
    """

    facts: tuple[FactRead, ...]
    matching: tuple[int, ...]
    unknown: tuple[int, ...]
    hits: int
    unsure: int

    def cell(self, row: int, column: int) -> str:
        """`yes`, `no` or `unknown` for row 1… and the input column 0…."""
        bit = 1 << (row - 1)
        return "yes" if self.matching[column] & bit else "unknown" if self.unknown[column] & bit else "no"

    @property
    def rows_matching(self) -> tuple[int, ...]:
        """The rows all of whose cells are true."""
        return rows_of(self.hits)

    @property
    def rows_unsure(self) -> tuple[int, ...]:
        """The rows of which no cell is false and one is unknown, and which could have changed the answer."""
        return rows_of(self.unsure)


@dataclass(frozen=True, slots=True)
class Result:
    """The answer of a table.

    `outputs`: one dict, or for COLLECT and RULE_ORDER a list with one for every row hit; empty unless the outcome is matched.
    `rows_hit`: the rows (1…) the answer comes from; for an error those that contradict each other. `unknown`: the facts that have to be
    known before the table can decide; empty unless the outcome is refer. `reason`: "" or why refer or error, as a code of `sentences`.
    """

    outcome: Outcome
    outputs: Outputs | list[Outputs]
    rows_hit: tuple[int, ...]
    unknown: tuple[str, ...]
    trace: Trace
    reason: str = ""


def rows_of(mask: int) -> tuple[int, ...]:
    """The row numbers of the bits that are set, in order."""
    found = []
    while mask:
        lowest = mask & -mask
        found.append(lowest.bit_length())
        mask ^= lowest
    return tuple(found)
