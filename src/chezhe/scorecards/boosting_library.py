"""LightGBM without scikit-learn and pandas, which it would load for interfaces that nobody here uses: a second and 100 MB a process."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

UNUSED = frozenset({"sklearn", "pandas", "matplotlib", "graphviz", "dask"})


def lightgbm() -> Any:
    """The library, loaded when it is first needed."""
    if "lightgbm" not in sys.modules:
        with _without(UNUSED):
            import lightgbm
    import lightgbm

    return lightgbm


class _Absent(MetaPathFinder):
    """Whoever asks in this thread does not find them; another thread does, at the same time."""

    def __init__(self, names: frozenset[str]) -> None:
        self.names, self.thread = names, threading.get_ident()

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if threading.get_ident() == self.thread and name.partition(".")[0] in self.names:
            raise ModuleNotFoundError(name, name=name)
        return None


@contextmanager
def _without(names: frozenset[str]) -> Iterator[None]:
    absent = _Absent(names)
    sys.meta_path.insert(0, absent)
    try:
        yield
    finally:
        sys.meta_path.remove(absent)
