"""`chezhe bench [NAME …]`: the measurements in `bench/`, each a module with `run() -> str`."""

from __future__ import annotations

import os
import subprocess
import sys

from chezhe.cli.commands import _surroundings
from chezhe.cli.commands._surroundings import ROOT


def run(argv: list[str]) -> int:
    """`bench/<name>.py` for every name given, else all of them; each in a process of its own."""
    known = sorted(path.stem for path in (ROOT / "bench").glob("[a-z]*.py"))
    names = [word for word in argv if not word.startswith("-")] or known
    unknown = [name for name in names if name not in known]
    if unknown or not known:
        sys.stderr.write(f"没有这个测速 no such bench: {', '.join(unknown)} (有 known: {', '.join(known)})\n")
        return 2
    chosen = _surroundings.instance()
    with _surroundings.database_of(chosen) as cluster:
        environment = {**chosen.environment(cluster), "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")])}
        codes = [
            subprocess.run([sys.executable, "-m", f"bench.{name}"], cwd=ROOT, env=environment, check=False).returncode for name in names
        ]
    return max(codes)
