"""The folder in which the processes of a host keep their counters together."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chezhe.cli.commands._surroundings import figures_folder


def test_a_start_sweeps_out_the_dead_and_leaves_the_living(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    folder = Path(figures_folder(tmp_path))
    assert folder.parent == tmp_path / "metrics"
    dead, alive = folder / "counter_4194999.db", folder / f"counter_{os.getpid()}.db"
    dead.touch()
    alive.touch()
    assert figures_folder(tmp_path) == str(folder) and not dead.exists() and alive.exists()
