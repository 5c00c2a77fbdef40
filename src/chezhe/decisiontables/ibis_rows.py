"""A table over a whole relation for whoever goes on reckoning: the rows that answer as bits, no texts and no arrays.

For tables in which one row answers (FIRST) or every row is heard (COLLECT, RULE_ORDER). Position p (0…) is row p + 1 of the table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ibis  # type: ignore[import-untyped]

from chezhe.decisiontables.ibis_cells import Expr
from chezhe.decisiontables.ibis_form import Bulk
from chezhe.decisiontables.ibis_masks import BITS, whole
from chezhe.decisiontables.parsed import parse_strictly
from chezhe.decisiontables.values import HitPolicy, Table

MATCHED, NOTHING, REFER = 0, 1, 2
_CODES = {"matched": MATCHED, "none": NOTHING, "refer": REFER}


def compile_rows(table: Table, bits: Mapping[str, int], wanted: Sequence[str] = ()) -> Callable[[Any, str], Any]:
    """A function `(relation, prefix) -> relation` with columns beside the relation's own, their names begun by the prefix:

    `outcome` (0 matched, 1 none, 2 refer), `rows_w` (bits of the rows that answer; where every row is heard also those that certainly
    hold although the table refers), `unknown_w` (facts that it lacks) and `absent_w` (facts that a row which answers wants missing), both
    by `bits`, name to number, 62 a word; and `out_…` for each output wanted, null unless matched.

    Raises TableError for a mistake in the table, ValueError for another hit policy or an output wanted of a table that collects.
    """
    parsed = parse_strictly(table)
    if table.hit_policy is not HitPolicy.FIRST and (not table.hit_policy.is_list or wanted):
        raise ValueError(f"{table.name}: {table.hit_policy} has no rows as bits")
    places = {output.column.name: place for place, output in enumerate(parsed.outputs)}

    def evaluate(relation: Any, prefix: str) -> Any:
        bulk = Bulk(parsed, relation)
        bulk.settle()
        outcome = bulk.of("outcome")
        is_matched = outcome == "matched"
        found = {"outcome": ibis.cases(*((outcome == name, whole(code)) for name, code in _CODES.items()), else_=whole(REFER))}
        for number in bulk.words:
            found[f"rows_{number}"] = bulk.of(f"hits_{number}") if table.hit_policy.is_list else \
                is_matched.ifelse(bulk.of(f"winner_{number}"), whole(0))
        lacks = {column.name: bulk.lacks(place) for place, column in enumerate(bulk.columns)}
        named = {column.name: bulk.of(f"named_{place}") for place, column in enumerate(bulk.columns) if column.compiled.named}
        for number in range(word_count(bits)):
            found[f"unknown_{number}"] = (outcome == "refer").ifelse(_packed(lacks, bits, number), whole(0))
            found[f"absent_{number}"] = is_matched.ifelse(_packed(named, bits, number), whole(0))
        for name in wanted:
            if name in places:
                found[f"out_{name}"] = is_matched.ifelse(bulk.output(places[name]), ibis.null())
        names = {prefix + name: column for name, column in found.items()}
        return bulk.relation.mutate(**names).select(*bulk.given, *names)

    return evaluate


def word_count(bits: Mapping[str, int]) -> int:
    """How many words hold so many names; at least one."""
    return max(bits.values(), default=0) // BITS + 1


def _packed(flags: Mapping[str, Expr], bits: Mapping[str, int], number: int) -> Expr:
    """The bits of a word of those names whose flag is true."""
    here = [flag.ifelse(whole(1 << bits[name] % BITS), whole(0)) for name, flag in flags.items() if bits[name] // BITS == number]
    return sum(here[1:], here[0]) if here else whole(0)
