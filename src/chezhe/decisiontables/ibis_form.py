"""A table over a whole relation: the rules of `closures` as Ibis expressions, for DuckDB, Spark or PostgreSQL.

The relation gets columns beside its own: `outcome`, `rows_hit` (the row numbers as text, `3` or `1,4`; of an error those that contradict
each other), `out_…` for each output (an array, in the order of the rows hit, for COLLECT and RULE_ORDER), and on request `unknown`
(names of facts as text). Outputs are null unless the outcome is matched. Numbers are DECIMAL(38,10), whole numbers BIGINT.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import ibis  # type: ignore[import-untyped]
from ibis.expr import datatypes as dt  # type: ignore[import-untyped]

from chezhe.decisiontables import ibis_cells
from chezhe.decisiontables.ibis_cells import TYPES, Expr, all_of, any_of
from chezhe.decisiontables.ibis_masks import BITS, Column, Words, any_bit, bit_of, lowest, whole, without, word
from chezhe.decisiontables.parsed import Parsed, parse_strictly
from chezhe.decisiontables.picking import strengths
from chezhe.decisiontables.syntax import Expression, Literal, Null, references
from chezhe.decisiontables.values import HitPolicy, Table, TableError

OWN = "_table_"  # begins the names of columns in between


def compile_table(table: Table) -> Callable[..., Any]:
    """A function `(relation, prefix="", unknown=False) -> relation` with the result's columns named `prefix + …`.

    Raises TableError for a mistake in the table; the function raises it for a fact column of another type or a name that is taken.
    """
    parsed = parse_strictly(table)

    def evaluate(relation: Any, prefix: str = "", *, unknown: bool = False) -> Any:
        names = [f"{prefix}outcome", f"{prefix}rows_hit", *(f"{prefix}out_{output.column.name}" for output in parsed.outputs)]
        names += [f"{prefix}unknown"] if unknown else []
        for name in names:
            if name in relation.columns:
                raise TableError("column_taken", {"name": name})
        return Bulk(parsed, relation).result(names, unknown)

    return evaluate


class Bulk:
    """One table over one relation, in stages, so that no expression is written out twice.

    Position p (0…) is the p-th strongest row; it is bit p. Columns in between, c an input, w a word: `fact_c`, `missing_c`; `true_c_w`,
    `unknown_c_w`, the rows by their cell; `hits_w`, `unsure_w`; `position`, `winner_w`, `before_w` of the strongest hit; `named_c`, the
    answer names the fact as missing; `deciding_w`, the unsure rows that could change the answer; `sum_k`, an answer that is worked out.
    """

    def __init__(self, parsed: Parsed, relation: Any) -> None:
        self.policy, self.given, self.relation = parsed.table.hit_policy, relation.columns, relation
        ranks = strengths(parsed) if self.policy is HitPolicy.PRIORITY else []
        self.order = sorted(range(len(parsed.table.rules)), key=lambda row: ranks[row] if ranks else row)
        self.parsed = parse_strictly(replace(parsed.table, rules=tuple(parsed.table.rules[row] for row in self.order)))
        self.types = {column.column.name: column.column.type for column in parsed.inputs}
        self.columns = [Column(self.parsed, place) for place in range(len(parsed.inputs))]
        self.words = range(-(-len(self.order) // BITS) or 1)
        self.counts_all = self.policy is HitPolicy.ANY or self.policy.is_collecting
        self.sums: dict[Expression, str] = {}

    def of(self, name: str) -> Expr:
        """A column in between."""
        return self.relation[OWN + name]

    def all_words(self, name: str) -> Words:
        """A column in between that has one part a word."""
        return [self.of(f"{name}_{number}") for number in self.words]

    def stage(self, columns: dict[str, Expr]) -> None:
        """Work out more columns in between."""
        if columns:
            self.relation = self.relation.mutate(**{OWN + name: column for name, column in columns.items()})

    def settle(self) -> None:
        """Work out everything up to the outcome."""
        for columns in (self._facts, self._verdicts, self._rows, self._winner, self._settled, self._deciding):
            self.stage(columns())
        self.stage({"outcome": self._outcome()})

    def result(self, names: list[str], unknown: bool) -> Any:
        """The relation with the columns of the result."""
        self.settle()
        self.stage({"positions": self._positions()})
        outcome = self.of("outcome")
        found = {names[0]: outcome, names[1]: outcome.isin(["matched", "error"]).ifelse(self._rows_text(), ibis.literal(""))}
        for place in range(len(self.parsed.outputs)):
            found[names[2 + place]] = (outcome == "matched").ifelse(self.output(place), ibis.null())
        if unknown:
            found[names[-1]] = (outcome == "refer").ifelse(self._names(), ibis.literal(""))
        return self.relation.mutate(**found).select(*self.given, *names)

    def _facts(self) -> dict[str, Expr]:
        found = {}
        for place, column in enumerate(self.parsed.inputs):
            raw = ibis_cells.raw_fact(self.relation, column.column)
            found[f"fact_{place}"] = ibis_cells.known_fact(raw, column)
            found[f"missing_{place}"] = raw.isnull()
        return found

    def _verdicts(self) -> dict[str, Expr]:
        by_name = {column.name: self.of(f"fact_{place}") for place, column in enumerate(self.columns)}
        found = {}
        for place, column in enumerate(self.columns):
            fact, missing = self.of(f"fact_{place}"), self.of(f"missing_{place}")
            looks = {bit: ibis_cells.holds(cell, fact, by_name, column.type) for bit, cell in column.looking.items()}
            for number in self.words:
                found[f"true_{place}_{number}"] = column.true(fact, missing, looks, number)
                found[f"unknown_{place}_{number}"] = column.unknown(fact, missing, looks, number)
        for output in self.parsed.outputs:
            for cell in output.cells:
                if cell is not None and not isinstance(cell, Literal | Null) and cell not in self.sums:
                    self.sums[cell] = f"sum_{len(self.sums)}"
                    found[self.sums[cell]] = ibis_cells.worked_out(cell, by_name, self.types)
        return found

    def _rows(self) -> dict[str, Expr]:
        found: dict[str, Expr] = {}
        for number in self.words:
            hits: Expr = whole(word((1 << len(self.order)) - 1, number))
            possible = hits
            for place in range(len(self.columns)):
                hits = hits & self.of(f"true_{place}_{number}")
                possible = possible & (self.of(f"true_{place}_{number}") | self.of(f"unknown_{place}_{number}"))
            found |= {f"hits_{number}": hits, f"unsure_{number}": possible - hits}
        return found

    def _winner(self) -> dict[str, Expr]:
        position, winner, before = lowest(self.all_words("hits"))
        found = {"position": position}
        for number in self.words:
            found |= {f"winner_{number}": winner[number], f"before_{number}": before[number]}
        return found

    def _settled(self) -> dict[str, Expr]:
        """Which facts the answer names as missing; and of ANY the outputs of the first hit that can be told."""
        answering = self.all_words("hits" if self.counts_all else "winner")
        found = {}
        for place, column in enumerate(self.columns):
            if column.compiled.named:
                naming = [words & whole(word(column.compiled.named, number)) for number, words in enumerate(answering)]
                found[f"named_{place}"] = self.of(f"missing_{place}") & any_bit(naming)
        if self.policy is HitPolicy.ANY:
            told = [(self._hits(p) & self._can_answer(p), p) for p in range(len(self.order))]
            found["told"] = any_of([test for test, _position in told])
            for place, output in enumerate(self.parsed.outputs):
                found[f"agreed_{place}"] = _case([(test, self._answer(p, place)) for test, p in told], TYPES[output.column.type])
        return found

    def _hits(self, position: int) -> Expr:
        return bit_of(self.all_words("hits"), position)

    def _answer(self, position: int, place: int) -> Expr:
        output = self.parsed.outputs[place]
        cell = output.cells[position]
        assert cell is not None
        if isinstance(cell, Literal | Null):
            return ibis_cells.constant(cell, output.column.type)
        return self.of(self.sums[cell]).cast(TYPES[output.column.type])

    def _can_answer(self, position: int) -> Expr:
        """True when nothing that the row works out is unknown."""
        cells = [output.cells[position] for output in self.parsed.outputs]
        return all_of([self.of(self.sums[cell]).notnull() for cell in cells if cell in self.sums])

    def _deciding(self) -> dict[str, Expr]:
        no_hit = ~any_bit(self.all_words("hits"))
        found = {}
        for number in self.words:
            counting = whole(-1)
            for place, column in enumerate(self.columns):
                if column.compiled.named:
                    asking = column.compiled.missing_unknown
                    for other in self.columns:
                        asking |= other.looked_by.get(column.name, 0)
                    counting = counting & self.of(f"named_{place}").ifelse(whole(~word(asking, number)), whole(-1))
            if self.policy in (HitPolicy.FIRST, HitPolicy.PRIORITY):
                counting = counting & self.of(f"before_{number}")
            if self.policy is HitPolicy.ANY:
                counting = counting & without(self._agreeing(number))
            found[f"deciding_{number}"] = self.of(f"unsure_{number}") & no_hit.ifelse(whole(-1), counting)
        return found

    def _agreeing(self, number: int) -> Expr:
        """The rows of a word that have the outputs agreed on."""
        found = whole(0)
        for position in range(BITS * number, min(BITS * (number + 1), len(self.order))):
            agrees = self.of("told") & self._can_answer(position) & self._agrees(position)
            found = found | agrees.ifelse(whole(1 << position % BITS), whole(0))
        return found

    def _agrees(self, position: int) -> Expr:
        return all_of([self._answer(position, place).identical_to(self.of(f"agreed_{place}")) for place in range(len(self.parsed.outputs))])

    def _outcome(self) -> Expr:
        branches = [(any_bit(self.all_words("deciding")), "refer"), (self.of("position").isnull(), "none"), (self._unanswered(), "refer")]
        contradiction = self._contradiction()
        if contradiction is not None:
            branches.insert(0, (contradiction, "error"))
        return _case([(test, ibis.literal(text)) for test, text in branches], dt.string, ibis.literal("matched"))

    def _contradiction(self) -> Expr | None:
        if self.policy is HitPolicy.UNIQUE:
            pairs = zip(self.all_words("hits"), self.all_words("winner"), strict=True)
            return any_bit([hits - winner for hits, winner in pairs])
        if self.policy is HitPolicy.ANY:
            rows = range(len(self.order))
            return any_of([self._hits(position) & self._can_answer(position) & ~self._agrees(position) for position in rows])
        return None

    def _unanswered(self) -> Expr:
        """The answer works out something that is unknown."""
        if self.policy is HitPolicy.COLLECT_COUNT:
            return ibis.literal(False)
        return any_of([self._answering(p) & ~self._can_answer(p) for p in range(len(self.order)) if self._works_out(p)])

    def _works_out(self, position: int) -> bool:
        return any(output.cells[position] in self.sums for output in self.parsed.outputs)

    def _answering(self, position: int) -> Expr:
        return bit_of(self.all_words("hits" if self.counts_all else "winner"), position)

    def _positions(self) -> Expr:
        """The positions of the rows the answer comes from, or that contradict each other, as an array; null without any."""
        is_several = self.of("outcome").isin(["matched", "error"] if self.counts_all else ["error"])
        one = (self.of("outcome") == "matched").ifelse(ibis.array([self.of("position")]), ibis.null())
        return is_several.ifelse(self._all_positions(), one)

    def _all_positions(self) -> Expr:
        parts = []
        for number, hits in enumerate(self.all_words("hits")):
            here = range(BITS * number, min(BITS * (number + 1), len(self.order)))
            parts.append(ibis.literal(list(here), type="array<int64>").filter(
                lambda p, hits=hits, start=BITS * number: ((hits >> (p - start)) & 1) == 1))  # fmt: skip
        found = parts[0]
        for part in parts[1:]:
            found = found.concat(part)
        return found

    def _rows_text(self) -> Expr:
        """`1,4`."""
        texts = ibis.literal([str(row + 1) for row in self.order], type="array<string>")
        if self.policy in (HitPolicy.FIRST, HitPolicy.PRIORITY):
            return texts[_index(self.of("position"))]
        return self.of("positions").map(lambda p: texts[_index(p)]).join(",")

    def output(self, place: int) -> Expr:
        """The answer of a matched row or rows under an output heading."""
        kind = TYPES[self.parsed.outputs[place].column.type]
        positions = range(len(self.order))
        if self.policy is HitPolicy.COLLECT_COUNT:
            return sum((self._hits(p).cast("int64") for p in positions), whole(0))
        if self.policy.is_list:
            answers = self._answers(place)
            return self.of("positions").map(lambda p: answers[_index(p)])
        if self.policy.is_collecting:
            return self._over(kind, [self._hits(p).ifelse(self._answer(p, place), ibis.null()).cast(kind) for p in positions])
        if not self.counts_all and not any(cell in self.sums for cell in self.parsed.outputs[place].cells):
            return self._answers(place)[_index(self.of("position"))]
        return _case([(self._answering(p), self._answer(p, place)) for p in positions], kind)

    def _answers(self, place: int) -> Expr:
        """The answers of all rows by position: one literal when none is worked out."""
        output = self.parsed.outputs[place]
        kind = TYPES[output.column.type]
        if not any(cell in self.sums for cell in output.cells):
            values = [ibis_cells.constant_value(cell, output.column.type) for cell in output.cells]
            return ibis.literal(values, type=dt.Array(kind))
        return ibis.array([self._answer(position, place) for position in range(len(self.order))]).cast(dt.Array(kind))

    def _over(self, kind: Any, given: list[Expr]) -> Expr:
        """Sum, minimum or maximum of what is not null; null of nothing."""
        if self.policy is not HitPolicy.COLLECT_SUM:
            return (ibis.least if self.policy is HitPolicy.COLLECT_MIN else ibis.greatest)(*given).cast(kind)
        total = sum((ibis.coalesce(value, ibis.literal(0).cast(kind)).cast(kind) for value in given), ibis.literal(0).cast(kind))
        return any_of([value.notnull() for value in given]).ifelse(total, ibis.null()).cast(kind)

    def _names(self) -> Expr:
        """The facts that are unknown in the deciding rows, or that the answer needs: `income,score`."""
        text = ibis.literal("")
        for place, column in enumerate(self.columns):
            text = text + self.lacks(place).ifelse(ibis.literal(f",{column.name}"), ibis.literal(""))
        return text.substr(1)

    def lacks(self, place: int) -> Expr:
        """Of a case that is referred: whether the fact of a column is unknown in the deciding rows, or the answer needs it."""
        deciding, column = self.all_words("deciding"), self.columns[place]
        parts = [any_bit([one & self.of(f"unknown_{place}_{number}") for number, one in enumerate(deciding)])]
        for other, looker in enumerate(self.columns):
            rows = looker.looked_by.get(column.name, 0)
            unknown = [one & self.of(f"unknown_{other}_{number}") & whole(word(rows, number)) for number, one in enumerate(deciding)]
            parts += [any_bit(unknown)] if rows else []
        if self.policy is not HitPolicy.COLLECT_COUNT:
            parts += [~any_bit(deciding) & self._answering(position) for position in self._needing(column.name)]
        return self.of(f"fact_{place}").isnull() & any_of(parts)

    def _needing(self, name: str) -> list[int]:
        """The rows that work out an answer from a fact."""
        cells = [(position, output.cells[position] or Null()) for output in self.parsed.outputs for position in range(len(self.order))]
        return [position for position, cell in cells if name in references(cell)]


def _index(position: Expr) -> Expr:
    """A place in an array: Spark takes none of 64 bits."""
    return position.cast("int32")


def _case(branches: list[tuple[Expr, Expr]], kind: Any, otherwise: Expr | None = None) -> Expr:
    """The first branch that is true; null without one."""
    default = ibis.null().cast(kind) if otherwise is None else otherwise
    return ibis.cases(*branches, else_=default) if branches else default
