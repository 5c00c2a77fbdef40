"""The same day of the same book closed by several numbers of processes, one after the other."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench._own import Own

TOLD = ("workers", "seconds", "rows_per_s", "cpu_s", "server_cpu_s", "wal_mb", "peak_mb")


def closes(
    counts: Sequence[int], own: Own | None, close: Callable[[int], dict[str, Any]], prove: Callable[[], list[str]],
) -> tuple[dict[str, Any], list[dict[str, Any]], list[str]]:
    """The close by the number of processes that is told of beside the table, all of them as the table has them, and what was wrong.

    Before each the book is as it was; what is closed last is that number's, so that what follows goes on from there.
    """
    chosen = nearest(counts, os.cpu_count() or 1)
    order = [*(count for count in counts if count != chosen), chosen]
    if own is None and len(order) > 1:
        raise ValueError("several numbers of workers need a book that can be given back")
    if own is not None and len(order) > 1:
        own.keep()
    found: dict[int, dict[str, Any]] = {}
    failures: list[str] = []
    for place, count in enumerate(order):
        if place and own is not None:
            own.give_back()
        found[count] = close(count)
        wrong = prove() + ([] if found[count]["status"] == "closed" else ["the day is not closed"])
        failures += [f"{count} workers: {said}" if len(order) > 1 else said for said in wrong]
    return found[chosen], table([found[count] for count in sorted(found)]), failures


def nearest(counts: Sequence[int], processors: int) -> int:
    """As many processes as there are processors, if that was asked for, else the nearest number, of two the smaller."""
    return min(counts, key=lambda count: (abs(count - processors), count))


def table(closed: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each close with how much faster it was than the one by the fewest processes, and how much of the processes added that is."""
    first = closed[0]
    return [
        {**{name: one[name] for name in TOLD}, "speedup": round(first["seconds"] / one["seconds"], 2),
         "efficiency": round(first["seconds"] * first["workers"] / (one["seconds"] * one["workers"]), 2)}
        for one in closed
    ]


def words(rows: Sequence[dict[str, Any]]) -> str:
    """For people."""
    said = [f"  scaling, {os.cpu_count()} processors: more processes than that share them",
            f"  {'processes':>11}{'seconds':>9}{'loans/s':>10}{'faster':>9}{'of ideal':>10}{'CPU s':>8}{'WAL MB':>9}{'peak MB':>9}"]
    said += [
        f"  {row['workers']:>11}{row['seconds']:>9.2f}{row['rows_per_s']:>10,}{row['speedup']:>8.2f}x{row['efficiency']:>9.0%}"
        f"{row['cpu_s']:>9.2f}{row['wal_mb']:>9.1f}{row['peak_mb']:>9}" for row in rows
    ]
    return "\n".join(said)
