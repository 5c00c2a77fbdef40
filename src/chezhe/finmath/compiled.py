"""The kernels as machine code: the same functions, compiled by numba on first use and kept on disk.

Importing this module is cheap; numba and numpy load when `load()` is first called.
"""

import hashlib
import importlib
import os
import threading
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any

from chezhe.finmath import calendar_kernels, daily_kernels, kernels, lanes, life_kernels, life_loops, loops, rate_kernels

_SOURCES = (calendar_kernels, kernels, rate_kernels, daily_kernels, life_kernels, loops, life_loops, lanes)
_LOADING = threading.Lock()


def load() -> SimpleNamespace:
    """Every kernel and loop by name, compiled (GIL released, so threads run side by side)."""
    with _LOADING:
        return _load()


@cache
def _load() -> SimpleNamespace:
    numba: Any = importlib.import_module("numba")
    names: dict[str, Any] = {"__name__": loops.__name__}
    for module in _SOURCES:
        names.update({name: value for name, value in vars(module).items() if not name.startswith("__")})
    directory = cache_directory()
    previous = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(directory) if directory else previous
    try:
        for module in _SOURCES:
            for name, function in own_functions(module):
                names[name] = numba.njit(_twin(function, names), cache=directory is not None, nogil=True, error_model="numpy")
    finally:
        numba.config.CACHE_DIR = previous
    return SimpleNamespace(**names)


def own_functions(module: ModuleType) -> list[tuple[str, FunctionType]]:
    """The functions a kernel module defines itself."""
    found = [(name, value) for name, value in vars(module).items() if isinstance(value, FunctionType)]
    return [(name, value) for name, value in found if value.__module__ == module.__name__]


def cache_directory() -> Path | None:
    """Where machine code is kept: CHEZHE_CACHE_DIR, else beside the byte code, else the user's cache; None if nowhere.

    The name carries a hash of the sources, so that no change of a callee can leave a stale caller behind.
    """
    digest = hashlib.sha256(b"".join(Path(str(module.__file__)).read_bytes() for module in _SOURCES)).hexdigest()
    here = Path(__file__).parent / "__pycache__"
    homes = [Path(os.environ["CHEZHE_CACHE_DIR"])] if os.environ.get("CHEZHE_CACHE_DIR") else []
    for home in [*homes, here, Path.home() / ".cache" / "chezhe"]:
        directory = home / f"finmath-{digest[:16]}"
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(directory, os.W_OK):
            return directory
    return None


def _twin(function: FunctionType, names: dict[str, Any]) -> FunctionType:
    """The same code looking up its callees among the compiled ones."""
    twin = FunctionType(function.__code__, names, function.__name__, function.__defaults__)
    twin.__qualname__ = function.__qualname__
    twin.__module__ = function.__module__
    return twin
