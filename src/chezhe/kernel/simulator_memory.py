"""What simulated services remember beyond the life of a process: one file of a folder, to which several processes may add."""

from __future__ import annotations

import fcntl
import json
from pathlib import Path
from typing import Any

NAME = "simulators.json"
Memory = dict[str, Any]
"""`state`: what each service remembers, by its name; `waiting`: the callbacks that are still to be sent."""


def read(folder: Path) -> Memory:
    """What is remembered there; nothing when nothing was kept."""
    path = folder / NAME
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"state": {}, "waiting": []}


def write(folder: Path, memory: Memory) -> None:
    """Put it in the place of what was remembered."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{NAME}.new"
    draft.write_text(json.dumps(memory, ensure_ascii=False), encoding="utf-8")
    draft.replace(folder / NAME)


def add(folder: Path, memory: Memory) -> None:
    """Remember this, too, one process after the other."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{NAME}.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        known = read(folder)
        for name, state in memory["state"].items():
            known["state"].setdefault(name, {}).update(state)
        write(folder, {"state": known["state"], "waiting": [*known["waiting"], *memory["waiting"]]})
