"""Every fact that a shipped table asks for has somebody in the product who tells it: a column that nobody fills refers every case."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import chezhe
from chezhe.policies import seeds
from chezhe.risk.facts.catalogue import CATALOGUE

HOUSE = Path(chezhe.__file__).parent
# Where facts are written down, or made of what a source said. The catalogue, the lab, the simulators and the tables only name them.
TELLERS = (
    "risk/vendors/*/reading.py", "risk/facts/*.py", "risk/facts/flows/*.py", "risk/relations/*.py", "risk/screening/*.py",
    "risk/valuing/*.py", "risk/profiles/*.py", "risk/guarantees/steps.py", "risk/deciding/assembling.py", "risk/deciding/rules.py",
    "origination/handing.py", "servicing/dealers.py",
)
# What only lists or reads facts.
NO_TELLERS = ("definitions.py", "labels.py", "pages.py", "services.py", "generating.py")


def told_in(source: str) -> Iterator[str]:
    """The names under which a module puts a value, as patterns: keys of mappings (also made up of a word and a value), named arguments,
    what a helper is called with first, pairs of names, and what a constant names."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Dict | ast.DictComp):
            yield from map(_pattern, node.keys if isinstance(node, ast.Dict) else [node.key])
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            yield _pattern(node.args[0])
        elif isinstance(node, ast.keyword) and node.arg:
            yield re.escape(node.arg)
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            yield _pattern(node.slice)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            yield _pattern(node.value)
        elif isinstance(node, ast.Tuple) and len(node.elts) == 2:
            yield from map(_pattern, node.elts)


def _pattern(node: ast.expr | None) -> str:
    """A constant text as it is; of one that is put together, the words with room for the values; nothing of anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.escape(node.value)
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        return "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+" for part in node.values)
    return ""


def told() -> set[str]:
    files = {path for pattern in TELLERS for path in HOUSE.glob(pattern) if path.name not in NO_TELLERS}
    return {name for path in files for name in told_in(path.read_text(encoding="utf-8")) if name}


def untold(codes: Iterable[str]) -> list[str]:
    anybody = re.compile("|".join(f"(?:{name})" for name in sorted(told())))
    return sorted(code for code in codes if not anybody.fullmatch(code))


def test_every_column_of_a_shipped_table_is_filled_by_somebody() -> None:
    # The table of approval stages is asked by the room of applications, of what it has on the case.
    asked = {column.name for one in seeds.shipped() if one.code != "approval" for column in one.table.inputs}
    assert len(asked) > 50 and asked - set(CATALOGUE) <= {"unknown_facts"}
    assert untold(asked) == []


def test_a_column_that_nobody_fills_is_found() -> None:
    assert untold(["dealer_months", "dealer_smiles_rate"]) == ["dealer_smiles_rate"]
    source = 'facts["a"] = 1\nmore = {"b": 2, **rest}\nrecord(c=3)\nCODE: Final = "d"\nread(facts["e"], known.get("f"))'
    assert {name for name in told_in(source) if name} == {"a", "b", "c", "d"}
