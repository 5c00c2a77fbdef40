"""What a table of a policy must answer with and may ask about. Plain values, no database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chezhe.decisiontables.values import Column, Table

ANY = "-"


@dataclass(frozen=True, slots=True)
class Offered:
    """A column that a table may have: the fact's name, its type, and how people call it. `values` lists what it can be."""

    name: str
    type: str
    title: str
    english: str = ""
    unit: str = ""
    values: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Offered:
        """From `{"name","type","title"?,"english"?,"unit"?,"values"?}`."""
        title, english, unit = (given.get(key, "") for key in ("title", "english", "unit"))
        return cls(given["name"], given["type"], title, english, unit, tuple(given.get("values", ())))

    def as_json(self) -> dict[str, Any]:
        """The column as an editor needs it."""
        return {"name": self.name, "type": str(self.type), "title": self.title, "english": self.english, "unit": self.unit,
                "values": list(self.values)}


@dataclass(frozen=True, slots=True)
class Contract:
    """Who calls a policy relies on this: every version answers with exactly `outputs`, by one of `hit_policies`, and asks about
    nothing but `inputs` (and what the catalogue of facts offers besides). `needs_otherwise`: the last row takes whatever is left."""

    hit_policies: tuple[str, ...]
    inputs: tuple[Offered, ...]
    outputs: tuple[Offered, ...]
    needs_otherwise: bool = True

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Contract:
        """From what `as_json` gives."""
        return cls(
            tuple(given["hit_policies"]), tuple(map(Offered.from_json, given["inputs"])), tuple(map(Offered.from_json, given["outputs"])),
            bool(given.get("needs_otherwise", True)),
        )

    def as_json(self) -> dict[str, Any]:
        """What `from_json` reads."""
        return {
            "hit_policies": list(self.hit_policies), "inputs": [offered.as_json() for offered in self.inputs],
            "outputs": [offered.as_json() for offered in self.outputs], "needs_otherwise": self.needs_otherwise,
        }

    def may_ask(self, catalogue: Iterable[Offered] = ()) -> dict[str, Offered]:
        """Every input a version may have, by name; the contract's own word goes before the catalogue's."""
        return {offered.name: offered for offered in (*catalogue, *self.inputs)}


@dataclass(frozen=True, slots=True)
class Breach:
    """Where a table leaves its contract; `row` counts from 1, `column` is a name, both empty when it concerns the whole table."""

    code: str
    row: int | None = None
    column: str = ""
    facts: Mapping[str, Any] | None = None


def breaches(contract: Contract, table: Table, catalogue: Iterable[Offered] = ()) -> list[Breach]:
    """Everything about `table` that its contract does not allow, in the order of the table."""
    found = list(_of_the_whole(contract, table))
    found += _inputs(contract.may_ask(catalogue), table.inputs)
    found += _outputs(contract.outputs, table.outputs)
    if contract.needs_otherwise and table.rules and not has_otherwise(table):
        found.append(Breach("otherwise_missing"))
    return found


def has_otherwise(table: Table) -> bool:
    """Whether the last row applies to whatever no other row caught."""
    return bool(table.rules) and all(cell.strip() in ("", ANY) for cell in table.rules[-1].when)


def _of_the_whole(contract: Contract, table: Table) -> Iterator[Breach]:
    if table.hit_policy not in contract.hit_policies:
        yield Breach("hit_policy_differs", facts={"given": str(table.hit_policy), "expected": ", ".join(contract.hit_policies)})


def _inputs(may_ask: Mapping[str, Offered], columns: Sequence[Column]) -> Iterator[Breach]:
    for column in columns:
        offered = may_ask.get(column.name)
        if offered is None:
            yield Breach("input_unknown", column=column.name)
        elif column.type != offered.type:
            yield _other_type(offered, column)


def _outputs(wanted: Sequence[Offered], columns: Sequence[Column]) -> Iterator[Breach]:
    given = {column.name: column for column in columns}
    for offered in wanted:
        if offered.name not in given:
            yield Breach("output_missing", column=offered.name)
        else:
            yield from _differences(offered, given[offered.name])
    known = {offered.name for offered in wanted}
    yield from (Breach("output_unknown", column=name) for name in given if name not in known)


def _differences(offered: Offered, column: Column) -> Iterator[Breach]:
    if column.type != offered.type:
        yield _other_type(offered, column)
    elif offered.values and tuple(column.values) != offered.values:
        yield Breach("values_differ", column=column.name, facts={"expected": ", ".join(offered.values)})


def _other_type(offered: Offered, column: Column) -> Breach:
    return Breach("type_differs", column=column.name, facts={"given": str(column.type), "expected": str(offered.type)})
