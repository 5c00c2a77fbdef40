"""Decision tables in the terms of DMN: values, a cell grammar, lint, and two compilers. Knows nothing of lending.

Importing the package loads nothing; every public name is loaded when it is first asked for. See docs/decision-tables.md.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chezhe.decisiontables.closures import Compiled, compile_table
    from chezhe.decisiontables.hashing import content_hash
    from chezhe.decisiontables.results import FactRead, Outcome, Result, Trace
    from chezhe.decisiontables.values import Column, HitPolicy, Place, Rule, Table, TableError, Type

__all__ = [
    "Column", "Compiled", "FactRead", "HitPolicy", "Outcome", "Place", "Result", "Rule", "Table", "TableError", "Trace", "Type",
    "compile_table", "content_hash",
]  # fmt: skip

_HOMES = {
    "closures": ("Compiled", "compile_table"),
    "hashing": ("content_hash",),
    "results": ("FactRead", "Outcome", "Result", "Trace"),
    "values": ("Column", "HitPolicy", "Place", "Rule", "Table", "TableError", "Type"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(f"{__name__}.{home}"), name)
    raise AttributeError(name)
