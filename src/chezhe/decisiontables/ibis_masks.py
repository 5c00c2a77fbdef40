"""The rows of a table as bits of whole numbers in a database: one search a fact, as in `columns`, written as a tree of comparisons.

A word holds 62 rows, so that every word is a positive BIGINT; larger tables have several words.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ibis  # type: ignore[import-untyped]
from ibis.expr import operations as ops  # type: ignore[import-untyped]

from chezhe.decisiontables import ibis_cells
from chezhe.decisiontables.columns import CompiledColumn, compile_column
from chezhe.decisiontables.ibis_cells import Expr, any_of
from chezhe.decisiontables.parsed import Parsed
from chezhe.decisiontables.syntax import InputCell

BITS = 62
EVERY = (1 << BITS) - 1
Words = list[Expr]


def word(mask: int, number: int) -> int:
    """The bits of a mask that stand in a word."""
    return mask >> (BITS * number) & EVERY


def whole(value: int) -> Expr:
    """A literal BIGINT."""
    return ibis.literal(value, type="int64")


def without(bits: Expr) -> Expr:
    """All bits but these. Ibis writes `~(a & b)` without the brackets, so no `~` stands before an expression of bits."""
    return whole(-1) - bits


class Column:
    """One input column over a relation that has its fact (null when unknown) and whether it is missing."""

    def __init__(self, parsed: Parsed, place: int) -> None:
        self.compiled: CompiledColumn = compile_column(parsed, place)
        self.name, self.type = self.compiled.name, parsed.inputs[place].column.type
        self.looking = {look.bit: InputCell((look.test,)) for look in self.compiled.looks}
        self.looked_by: dict[str, int] = {}
        for look in self.compiled.looks:
            for name in look.names:
                self.looked_by[name] = self.looked_by.get(name, 0) | look.bit

    def true(self, fact: Expr, missing: Expr, looks: dict[int, Expr], number: int) -> Expr:
        """The rows of a word whose cell is true. `looks` are the verdicts of the cells that look at other columns, by bit."""
        unknown = missing.ifelse(whole(word(self.compiled.missing_true, number)), whole(word(self.compiled.any, number)))
        found = fact.isnull().ifelse(unknown, self._search(fact, number))
        lost = [ibis.coalesce(verdict, False).ifelse(0, whole(word(bit, number))) for bit, verdict in looks.items() if word(bit, number)]
        return found & without(sum(lost[1:], lost[0])) if lost else found

    def unknown(self, fact: Expr, missing: Expr, looks: dict[int, Expr], number: int) -> Expr:
        """The rows of a word whose cell is unknown."""
        every = sum(self.looking)
        missing_rows, invalid_rows = self.compiled.missing_unknown & ~every, self.compiled.invalid_unknown & ~every
        rows = missing.ifelse(whole(word(missing_rows, number)), whole(word(invalid_rows, number)))
        found = fact.isnull().ifelse(rows, whole(0))
        for bit, verdict in looks.items():
            if word(bit, number):
                found = found | verdict.isnull().ifelse(whole(word(bit, number)), whole(0))
        return found

    def _search(self, fact: Expr, number: int) -> Expr:
        """The rows that are true of a known fact."""
        masks = [word(mask, number) for mask in self.compiled.true]
        if len(set(masks)) == 1:
            return whole(masks[0])
        if self.compiled.axis.is_ordered:
            return self._tree(fact, masks, 0, len(masks) - 1)
        points = self.compiled.axis.points
        by_mask: dict[int, list[Any]] = {}
        for point, mask in zip(points, masks, strict=False):
            by_mask.setdefault(mask, []).append(ibis_cells.literal(point, self.type))
        otherwise = masks[len(points)] if len(masks) > len(points) else 0
        branches = [(fact.isin(values), whole(mask)) for mask, values in by_mask.items() if mask != otherwise]
        return ibis.cases(*branches, else_=whole(otherwise)) if branches else whole(otherwise)

    def _tree(self, fact: Expr, masks: list[int], first: int, last: int) -> Expr:
        """A balanced search over classes `first` to `last`; a stretch of equal masks is one leaf."""
        cuts = [place for place in range(first, last) if masks[place] != masks[place + 1]]
        if not cuts:
            return whole(masks[first])
        cut = cuts[len(cuts) // 2]
        point = ibis_cells.literal(self.compiled.axis.points[cut // 2], self.type)
        is_before = fact <= point if cut % 2 else fact < point
        return is_before.ifelse(self._tree(fact, masks, first, cut), self._tree(fact, masks, cut + 1, last))


def together(parts: Iterable[Expr]) -> Expr:
    """Bits that no two parts share, as one whole number; constant nothings are left out."""
    told = [part for part in parts if not is_nothing(part)]
    return sum(told[1:], told[0]) if told else whole(0)


def bits_of(tests: Iterable[tuple[int, Expr]]) -> Expr:
    """The bits whose test is true, as one whole number."""
    return together(test.ifelse(whole(1 << bit), whole(0)) for bit, test in tests)


def is_nothing(part: Expr) -> bool:
    """The literal 0."""
    op = part.op()
    return isinstance(op, ops.Literal) and op.value == 0


def any_bit(words: list[Expr]) -> Expr:
    """True when a bit is set in one of the words."""
    return any_of([one != 0 for one in words])


def bit_of(words: Words, position: int) -> Expr:
    """True when the bit of a position (0…) is set."""
    return (words[position // BITS] & whole(1 << position % BITS)) != 0


def lowest(words: Words) -> tuple[Expr, Words, Words]:
    """Of the lowest bit set: its position (null without one), itself, and all bits before it (every bit without one)."""
    seen: Expr = ibis.literal(False)
    branches, itself, before = [], [], []
    for number, one in enumerate(words):
        low = one & -one
        place = low.nullif(0).log2().round().cast("int64")
        branches.append((one != 0, place + whole(BITS * number)))
        itself.append(seen.ifelse(whole(0), low))
        before.append(seen.ifelse(whole(0), (one != 0).ifelse(low - 1, whole(EVERY))))
        seen = seen | (one != 0)
    return ibis.cases(*branches, else_=ibis.null().cast("int64")), itself, before
