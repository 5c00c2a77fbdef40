"""A table over a whole relation for whoever goes on reckoning: the rows that answer as bits, no texts and no arrays.

For tables in which one row answers (FIRST) or every row is heard (COLLECT, RULE_ORDER). Position p (0…) is row p + 1 of the table.

Here a row of the table is one condition in the three values of SQL: true, false, or null while it hangs on an unknown fact. Nearly all rows
of a table speak of one or two facts and nearly all facts are known, so that this is several times as fast as a search by fact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import ibis  # type: ignore[import-untyped]

from chezhe.decisiontables import ibis_cells
from chezhe.decisiontables.columns import compile_column, on_missing
from chezhe.decisiontables.ibis_cells import TYPES, Expr, all_of, any_of
from chezhe.decisiontables.ibis_masks import BITS, any_bit, bit_of, bits_of, is_nothing, whole, word
from chezhe.decisiontables.parsed import Parsed, has_reference, parse_strictly
from chezhe.decisiontables.syntax import Expression, InputCell, Literal, Null, references
from chezhe.decisiontables.values import HitPolicy, Table

MATCHED, NOTHING, REFER = 0, 1, 2
OWN = "_rows_"  # begins the names of columns in between


def compile_rows(table: Table, bits: Mapping[str, int], wanted: Sequence[str] = ()) -> Callable[[Any, str], Any]:
    """A function `(relation, prefix) -> relation` with columns beside the relation's own, their names begun by the prefix:

    `outcome` (0 matched, 1 none, 2 refer), `rows_w` (bits of the rows that answer; where every row is heard also those that certainly
    hold although the table refers), `unknown_w` (facts that it lacks) and `absent_w` (facts that a row which answers wants missing), both
    by `bits`, name to number, 62 a word; and `out_…` for each output wanted, null unless matched.

    The relation is one of Ibis or grows like one (`mutate`, `select`, `columns`). No figure in it is as large as 10^14, no text empty.
    Raises TableError for a mistake in the table, ValueError for another hit policy or an output wanted of a table that collects.
    """
    parsed = parse_strictly(table)
    if table.hit_policy is not HitPolicy.FIRST and (not table.hit_policy.is_list or wanted):
        raise ValueError(f"{table.name}: {table.hit_policy} has no rows as bits")

    def evaluate(relation: Any, prefix: str) -> Any:
        asked = _Asked(parsed, relation)
        names = {prefix + name: column for name, column in asked.told(bits, wanted).items()}
        return asked.relation.mutate(**names).select(*asked.given, *names)

    return evaluate


def word_count(bits: Mapping[str, int]) -> int:
    """How many words hold so many names; at least one."""
    return max(bits.values(), default=0) // BITS + 1


class _Asked:
    """One table over one relation. Columns in between, c an input, w a word: `fact_c` where a fact can be known and not be one, `cell_n`,
    `row_p`, `sum_n`; `hits_w`, `unsure_w`; `winner_w`, `before_w` of the first hit; `deciding_w`, the unsure rows that could change the
    answer; `outcome`."""

    def __init__(self, parsed: Parsed, relation: Any) -> None:
        self.parsed, self.given, self.relation = parsed, relation.columns, relation
        self.is_list = parsed.table.hit_policy.is_list
        self.rows = range(len(parsed.table.rules))
        self.words = range(-(-len(self.rows) // BITS) or 1)
        self.columns = [compile_column(parsed, place) for place in range(len(parsed.inputs))]
        self.raw = [ibis_cells.raw_fact(relation, given.column) for given in parsed.inputs]
        self.facts = self._facts()
        self.by_name = {column.name: fact for column, fact in zip(self.columns, self.facts, strict=True)}
        self.cells: dict[tuple[int, InputCell], Expr] = {}
        self.sums: dict[Expression, Expr] = {}
        self._settle()

    def _stage(self, **columns: Expr) -> list[Expr]:
        """Work out more columns in between."""
        if columns:
            self.relation = self.relation.mutate(**{OWN + name: column for name, column in columns.items()})
        return [self.relation[OWN + name] for name in columns]

    def _facts(self) -> list[Expr]:
        found = [ibis_cells.known_fact(raw, given, is_clean=True) for raw, given in zip(self.raw, self.parsed.inputs, strict=True)]
        odd = {f"fact_{place}": fact for place, fact in enumerate(found) if fact is not self.raw[place]}
        kept = dict(zip(odd, self._stage(**odd), strict=True))
        return [kept.get(f"fact_{place}", fact) for place, fact in enumerate(found)]

    def _missing(self, place: int) -> Expr:
        return self.raw[place].isnull()

    def _settle(self) -> None:
        """Work out everything up to the outcome."""
        self._read_cells()
        verdicts = self._stage(**{f"row_{row}": self._row(row) for row in self.rows})
        self.hits, self.unsure = self._hits(verdicts)
        self.winner, self.before = ([], []) if self.is_list else self._first()
        self.answering = self.hits if self.is_list else self.winner
        self.named = {place: self._named(place) for place, column in enumerate(self.columns) if column.named}
        self.deciding = self._stage(**{f"deciding_{number}": self._deciding(number) for number in self.words})
        self.outcome, = self._stage(outcome=self._outcome())

    def _read_cells(self) -> None:
        """Every cell that says something, once, and every answer that is worked out."""
        cells = {(place, cell): self._cell(place, cell) for place, given in enumerate(self.parsed.inputs)
                 for cell in given.cells if cell is not None and cell.tests}
        kept = self._stage(**{f"cell_{number}": cell for number, cell in enumerate(cells.values())})
        self.cells = dict(zip(cells, kept, strict=True))
        types = {column.column.name: column.column.type for column in self.parsed.inputs}
        sums = {cell: ibis_cells.worked_out(cell, self.by_name, types) for output in self.parsed.outputs
                for cell in output.cells if cell is not None and not isinstance(cell, Literal | Null)}
        worked_out = self._stage(**{f"sum_{number}": value for number, value in enumerate(sums.values())})
        self.sums = dict(zip(sums, worked_out, strict=True))

    def _cell(self, place: int, cell: InputCell) -> Expr:
        """True, false, or null while it cannot be told."""
        fact, kind = self.facts[place], self.parsed.inputs[place].column.type
        if has_reference(cell):
            return ibis_cells.holds(InputCell(cell.tests[:1]), fact, self.by_name, kind)
        if on_missing(cell) is None:
            return ibis_cells.holds(cell, fact, {}, kind)
        return self._missing(place) | ibis_cells.holds(cell, fact, {}, kind)

    def _row(self, row: int) -> Expr:
        cells = ((place, given.cells[row]) for place, given in enumerate(self.parsed.inputs))
        return all_of([self.cells[place, cell] for place, cell in cells if cell is not None and cell.tests])

    def _hits(self, verdicts: list[Expr]) -> tuple[list[Expr], list[Expr]]:
        """The rows that hold, and those of which it cannot be told."""
        here = {number: verdicts[BITS * number : BITS * (number + 1)] for number in self.words}
        hits = self._stage(**{f"hits_{number}": bits_of(enumerate(tests)) for number, tests in here.items()})
        unsure = {f"unsure_{number}": bits_of((bit, test.isnull()) for bit, test in enumerate(tests)) for number, tests in here.items()}
        return hits, self._stage(**unsure)

    def _first(self) -> tuple[list[Expr], list[Expr]]:
        """Of the first row that holds its bit, and all bits before it (every bit without one)."""
        winner, before, seen = {}, {}, None
        for number, hits in enumerate(self.hits):
            low = hits & -hits
            # Of nothing the bits before are those of -1: all.
            winner[f"winner_{number}"] = low if seen is None else seen.ifelse(whole(0), low)
            before[f"before_{number}"] = low - 1 if seen is None else seen.ifelse(whole(0), low - 1)
            seen = hits != 0 if seen is None else seen | (hits != 0)
        return self._stage(**winner), self._stage(**before)

    def _named(self, place: int) -> Expr:
        """A row that answers wants this fact missing, and it is."""
        rows = [row for row in self.rows if self.columns[place].named >> row & 1]
        return self._stage(**{f"named_{place}": self._missing(place) & self._answers(rows)})[0]

    def _deciding(self, number: int) -> Expr:
        found = self.unsure[number]
        for place, named in self.named.items():
            asking = self.columns[place].missing_unknown | self._looking_at(self.columns[place].name)
            found = found & named.ifelse(whole(~word(asking, number)), whole(-1))
        return found if self.is_list else found & self.before[number]

    def _looking_at(self, name: str) -> int:
        """The rows of which a cell of another column looks at this one."""
        found = 0
        for look in (look for column in self.columns for look in column.looks):
            found |= look.bit if name in look.names else 0
        return found

    def _outcome(self) -> Expr:
        branches = [(any_bit(self.deciding), REFER), (~any_bit(self.hits), NOTHING)]
        unanswered = [bit_of(self.answering, row) & ~self._can_answer(row) for row in self.rows if self._works_out(row)]
        branches += [(any_of(unanswered), REFER)] if unanswered else []
        return ibis.cases(*((test, whole(code)) for test, code in branches), else_=whole(MATCHED))

    def _works_out(self, row: int) -> list[Expr]:
        return [self.sums[cell] for output in self.parsed.outputs if (cell := output.cells[row]) is not None and cell in self.sums]

    def _can_answer(self, row: int) -> Expr:
        return all_of([value.notnull() for value in self._works_out(row)])

    # ---- what is told -------------------------------------------------------------------------------------------

    def told(self, bits: Mapping[str, int], wanted: Sequence[str]) -> dict[str, Expr]:
        """The columns of the result."""
        is_matched, is_refer = self.outcome == MATCHED, self.outcome == REFER
        found = {"outcome": self.outcome}
        for number, one in enumerate(self.answering):
            found[f"rows_{number}"] = one if self.is_list else is_matched.ifelse(one, whole(0))
        lacks = {column.name: self._lacks(place) for place, column in enumerate(self.columns)}
        absent = {self.columns[place].name: named for place, named in self.named.items()}
        for number in range(word_count(bits)):
            found[f"unknown_{number}"] = _where(is_refer, _packed(lacks, bits, number))
            found[f"absent_{number}"] = _where(is_matched, _packed(absent, bits, number))
        places = {output.column.name: place for place, output in enumerate(self.parsed.outputs)}
        return found | {f"out_{name}": is_matched.ifelse(self._output(places[name]), ibis.null()) for name in wanted if name in places}

    def _output(self, place: int) -> Expr:
        """The answer of the row that answers: rows that say the same are asked for at once."""
        output, by_answer = self.parsed.outputs[place], dict[Any, list[int]]()
        kind = TYPES[output.column.type]
        for row in self.rows:
            cell = output.cells[row]
            assert cell is not None
            by_answer.setdefault(cell, []).append(row)
        branches = []
        for cell, rows in by_answer.items():
            answer = self.sums[cell].cast(kind) if cell in self.sums else ibis_cells.constant(cell, output.column.type)
            branches.append((self._answers(rows), answer))
        return ibis.cases(*branches, else_=ibis.null().cast(kind)) if branches else ibis.null().cast(kind)

    def _answers(self, rows: Iterable[int]) -> Expr:
        """One of these rows answers."""
        mask = sum(1 << row for row in rows)
        return any_bit([one & whole(word(mask, number)) for number, one in enumerate(self.answering) if word(mask, number)])

    def _lacks(self, place: int) -> Expr:
        """Of a case that is referred: whether the fact of a column is unknown in the deciding rows, or the answer needs it."""
        column, is_certain = self.columns[place], self.facts[place] is self.raw[place]
        parts = []
        for number, deciding in enumerate(self.deciding):
            missing, invalid = (word(mask, number) for mask in (column.missing_unknown, column.invalid_unknown))
            if missing or (invalid and not is_certain):
                is_one = is_certain or missing == invalid
                mask = whole(missing) if is_one else self._missing(place).ifelse(whole(missing), whole(invalid))
                parts.append((deciding & mask) != 0)
        parts += [bit_of(self.deciding, row) & verdict.isnull() for row, verdict in self._looks(column.name)]
        parts += [~any_bit(self.deciding) & bit_of(self.answering, row) for row in self.rows if self._needs(row, column.name)]
        return self.facts[place].isnull() & any_of(parts) if parts else ibis.literal(False)

    def _looks(self, name: str) -> list[tuple[int, Expr]]:
        """The rows of which a cell of another column looks at this one, and what that cell says."""
        found = []
        for place, column in enumerate(self.columns):
            for look in column.looks:
                row = look.bit.bit_length() - 1
                cell = self.parsed.inputs[place].cells[row]
                if name in look.names and cell is not None:
                    found.append((row, self.cells[place, cell]))
        return found

    def _needs(self, row: int, name: str) -> bool:
        """Whether a row works out an answer from a fact."""
        return any(name in references(output.cells[row] or Null()) for output in self.parsed.outputs)


def _where(test: Expr, bits: Expr) -> Expr:
    return bits if is_nothing(bits) else test.ifelse(bits, whole(0))


def _packed(flags: Mapping[str, Expr], bits: Mapping[str, int], number: int) -> Expr:
    """The bits of a word of those names whose flag is true."""
    return bits_of((bits[name] % BITS, flag) for name, flag in flags.items() if bits[name] // BITS == number and not _is_never(flag))


def _is_never(flag: Expr) -> bool:
    return bool(flag.equals(ibis.literal(False)))
