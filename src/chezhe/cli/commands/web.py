"""`chezhe web`: the web process of a production host, on the database of DATABASE_URL."""

from __future__ import annotations

import argparse
import os
import sys

from chezhe.cli.commands import _surroundings


def run(argv: list[str]) -> int:
    """Becomes granian, so that systemd watches the server itself. As many blocking threads as the pool has connections."""
    parser = argparse.ArgumentParser(prog="chezhe web")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--processes", type=int, default=min(os.cpu_count() or 1, 8))
    parser.add_argument("--threads", type=int, default=12)
    wanted = parser.parse_args(argv)
    if not os.environ.get("DATABASE_URL"):
        sys.stderr.write("缺少 DATABASE_URL。DATABASE_URL is missing: see deploy/chezhe.env.example\n")
        return 1
    os.environ.update(CHEZHE_PROCESS="web", CHEZHE_POOL=str(wanted.threads))
    os.environ.setdefault("CHEZHE_MODE", "production")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = _surroundings.figures_folder(_surroundings.VAR)
    options = ["--interface", "wsgi", "--host", wanted.host, "--port", str(wanted.port), "--workers", str(wanted.processes)]
    options += ["--blocking-threads", str(wanted.threads), "--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", "30"]
    os.execv(sys.executable, [sys.executable, "-m", "granian", *options, "chezhe.config.wsgi:application"])
