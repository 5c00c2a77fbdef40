"""Which functions of ours lead to which: names followed through imports, from an action down to the books."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from tests.architecture import house
from tests.architecture.house import Module, dotted

# A function by its module and name: `chezhe.ledger.steps.post`.
Place = str


def reaches(start: Place, ends: frozenset[Place]) -> bool:
    """Whether a function leads to one of `ends`, called or handed on by name."""
    seen, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        if here in ends:
            return True
        for there in _leads_to(here):
            if there not in seen:
                seen.add(there)
                waiting.append(there)
    return False


@cache
def _leads_to(place: Place) -> tuple[Place, ...]:
    module, _, name = place.rpartition(".")
    body = _functions(module).get(name)
    return tuple(dict.fromkeys(_named(module, body))) if body is not None else ()


def _named(module: str, body: ast.AST) -> Iterator[Place]:
    """Functions that stand in a body by their own name, or by their module's."""
    own, names = _functions(module), {**_imported(module), **_imported_in(module, body)}
    for node in ast.walk(body):
        if isinstance(node, ast.Name):
            if node.id in own:
                yield f"{module}.{node.id}"
            elif node.id in names:
                yield names[node.id]
        elif isinstance(node, ast.Attribute):
            first, _, rest = dotted(node).partition(".")
            if rest and first in names:
                yield f"{names[first]}.{rest}"


@cache
def _functions(module: str) -> dict[str, ast.AST]:
    found = _modules().get(module)
    return {node.name: node for node in found.tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)} if found else {}


@cache
def _imported(module: str) -> dict[str, Place]:
    return _imported_in(module, _modules()[module].tree) if module in _modules() else {}


def _imported_in(module: str, tree: ast.AST) -> dict[str, Place]:
    """Local name → what it stands for; a package's `__init__` that hands a name on is looked through."""
    return {
        alias.asname or alias.name: _handed_on(f"{node.module}.{alias.name}")
        for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("chezhe")
        for alias in node.names
    }


def _handed_on(place: Place) -> Place:
    package, _, name = place.rpartition(".")
    if place in _modules() or name in _functions(package) or package not in _modules():
        return place
    for node in _modules()[package].tree.body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("chezhe"):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return _handed_on(f"{node.module}.{alias.name}")
    return place


@cache
def _modules() -> dict[str, Module]:
    return {_dotted_name(module): module for module in house.product()}


def _dotted_name(module: Module) -> str:
    parts = ["chezhe", *module.path.relative_to(house.SOURCE).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
