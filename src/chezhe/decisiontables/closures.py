"""A table as Python: one search a column, then whole numbers whose bits are the rows.

**What unknown means.** A fact is known, missing (absent or null), or invalid (of the wrong kind, or outside the column's `values`).
A cell of a missing or invalid fact is *unknown*, except that `-` is true of anything, and a cell with `null` (`null, < 600`; not
`not(null)`) is true of a missing fact. A row is a *hit* when every cell is true, out when one is false, and *unsure* otherwise. Then:

- FIRST: the first hit, if no row before it is unsure. UNIQUE: the only hit, if no row is unsure; two hits are an error.
- ANY: the outputs of the hits, if they agree and every unsure row would give the same; two answers are an error.
- PRIORITY: the hit whose outputs stand earliest in the columns' `values` (left to right; then the first row), if no unsure row stands
  before it. COLLECT and RULE_ORDER, and the sums over them: all hits, if no row is unsure.
- No hit and no unsure row: none. Otherwise refer, naming the facts that are unknown in the rows that made it unsure.
- An answer worked out from a fact that is unknown, or by a division by zero, is refer as well.

**A missing fact that a row has asked for by name.** Where the answer comes from a row that says `null` of a fact, it is settled that the
fact is missing: there, for the other rows, the tests of that fact which would be unknown are false. So `null` rows can stand beside
`< 600` and `>= 600` in a UNIQUE table. It is settled only by the row that gives the answer (ANY, COLLECT, RULE_ORDER: by the hits); a
`null` in a row that does not hit settles nothing.

**What is promised** (a property test holds it against all completions of the missing facts): `matched` is answered only if every
completion gives that answer; `none` and `error` likewise. It is sometimes refer although all completions agree: a cell such as
`< 5, >= 5` of a missing fact is unknown; FIRST, UNIQUE and PRIORITY do not look whether an unsure row would give the same outputs; a
minimum, maximum or sum does not look whether an unsure row could change it.
"""

from __future__ import annotations

from collections.abc import Mapping

from chezhe.decisiontables import picking
from chezhe.decisiontables.columns import CompiledColumn, compile_column
from chezhe.decisiontables.parsed import parse_strictly
from chezhe.decisiontables.picking import Answers, State
from chezhe.decisiontables.results import FactRead, Result, Trace
from chezhe.decisiontables.syntax import Value
from chezhe.decisiontables.values import Table


class Compiled:
    """A table ready to be asked. Immutable, so any number of threads may share it."""

    def __init__(self, table: Table) -> None:
        """Raises TableError at the first cell that cannot be read."""
        parsed = parse_strictly(table)
        self.table = table
        self._columns: tuple[CompiledColumn, ...] = tuple(compile_column(parsed, place) for place in range(len(parsed.inputs)))
        self._looking = tuple((place, column) for place, column in enumerate(self._columns) if column.looks)
        self._everything = (1 << len(table.rules)) - 1
        self._answers = Answers(parsed)
        self._pick = picking.PICKS[table.hit_policy]

    def evaluate(self, facts: Mapping[str, object]) -> Result:
        """The answer for these facts. Facts the table does not ask for are ignored; nothing in `facts` can raise."""
        hits = possible = self._everything
        read: list[FactRead] = []
        known: dict[str, Value] = {}
        matching: list[int] = []
        unknown: list[int] = []
        for column in self._columns:
            name = column.name
            value, reason, true, unsure = column.judge(facts.get(name))
            if value is not None:
                known[name] = value
            read.append(FactRead(name, value, reason))
            matching.append(true)
            unknown.append(unsure)
            hits &= true
            possible &= true | unsure
        for place, column in self._looking:
            column.look(known, matching, unknown, place)
            hits &= matching[place]
            possible &= matching[place] | unknown[place]
        state = State(hits, possible & ~hits, read, known, matching, unknown, self._columns)
        picked = self._pick(self._answers, state)
        trace = Trace(tuple(read), tuple(matching), tuple(unknown), hits, picked.unsure)
        return Result(picked.outcome, picked.outputs, picked.rows, picked.unknown, trace, picked.reason)


def compile_table(table: Table) -> Compiled:
    """Raises TableError at the first mistake; `lint.lint` finds them all."""
    return Compiled(table)

