"""`chezhe test [--long] [--minutes N] [PATH …]`: the tests, as root or as a plain user."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys

from chezhe.cli.commands._surroundings import ROOT

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
PROCESSES_MAX = 2
# Neighbours stay together, so that what a file or a room makes once is made by one process; whoever is done helps the other.
SHARING = ("--dist", "worksteal")
NOTHING_COLLECTED = 5


def run(argv: list[str]) -> int:
    """pytest's exit code; a long suite without a test yet is no failure."""
    parser = argparse.ArgumentParser(prog="run test", description="测试 The tests.")
    parser.add_argument("--long", action="store_true", help="只跑长测试 the long ones instead")
    parser.add_argument("--minutes", type=float, help="到时不再开始新的测试 start no further test after so long")
    wanted, rest = parser.parse_known_args(argv)
    ensure_chromium()
    processes = min(os.cpu_count() or 1, PROCESSES_MAX)
    command = [sys.executable, "-m", "pytest", "-n", str(processes), *SHARING, "-m", "long" if wanted.long else "not long"]
    command += ["--minutes", str(wanted.minutes)] if wanted.minutes else []
    code = subprocess.run([*command, *rest], cwd=ROOT, check=False).returncode
    return 0 if wanted.long and code == NOTHING_COLLECTED else code


def ensure_chromium() -> None:
    """Debian's package, when we are root and it is missing; otherwise the browser tests say what to type."""
    if any(shutil.which(name) for name in CHROMIUM) or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    sys.stderr.write("▸ chromium …\n")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"]):
        subprocess.run(command, env=environment, **quiet)  # type: ignore[call-overload]
