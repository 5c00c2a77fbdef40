"""What a close costs one process: its processor seconds and its server's, its memory, and its time by step."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

_by_step: Counter[str] = Counter()


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of processor here and in the server process, the most memory held at once and how much of it is new (MB), and
    seconds by step."""

    cpu_s: float
    server_cpu_s: float
    peak_mb: float
    grown_mb: float
    split: Counter[str]


class Meter:
    """Counts from when it is made."""

    def __init__(self) -> None:
        _by_step.clear()
        self._memory = _peak(is_fresh=True)
        self._cpu, self._server = process_time(), server_seconds()

    def spent(self) -> Spent:
        """Since then."""
        cpu, server, peak = process_time() - self._cpu, server_seconds() - self._server, _peak()
        return Spent(cpu, server, peak, peak - self._memory, Counter(_by_step))


def processor() -> float:
    """Processor seconds of this process and its server process so far."""
    return process_time() + server_seconds()


def server_seconds() -> float:
    """Processor time of this connection's server process."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def steps() -> list[tuple[Any, str]]:
    """The steps of a shard's close: module and name."""
    from chezhe.servicing.endofday import reading, single, working, writing

    return [(reading, "touched"), (working, "work"), (writing, "write"), (single, "bring")]


def watch() -> None:
    """Let the steps of a shard's close count their seconds in this process; once a process."""
    for module, name in steps():
        setattr(module, name, timed(getattr(module, name), name, _by_step))


def load_loops() -> float:
    """Seconds for numba and its machine code, which `day_steps` asks for only when there are loans enough."""
    import numpy as np

    from chezhe.finmath import vector_daily
    from chezhe.servicing.position.days import DPD_MARKS

    columns = (vector_daily.STATE_COLUMNS, vector_daily.LINE_COLUMNS)
    states, lines = (np.zeros((vector_daily.FEW + 1, wide), dtype=np.int64) for wide in columns)
    begun = perf_counter()
    vector_daily.day_steps(states, lines, date.min.toordinal(), DPD_MARKS)
    return perf_counter() - begun


def _peak(*, is_fresh: bool = False) -> float:
    """The most memory this process has held at once, in MB; `is_fresh` lets it count from now."""
    if is_fresh:
        Path("/proc/self/clear_refs").write_text("5")
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def timed(plain: Callable[..., Any], name: str, split: Counter[str]) -> Callable[..., Any]:
    """`plain`, with its seconds added to those of `name`."""
    def run(*words: Any, **more: Any) -> Any:
        begun = perf_counter()
        try:
            return plain(*words, **more)
        finally:
            split[name] += perf_counter() - begun

    return run
