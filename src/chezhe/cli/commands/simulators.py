"""`chezhe simulators [--port N]`: the outside world (bank, messages, …) over HTTP, as the demo starts it."""

from __future__ import annotations

import argparse
import os

from chezhe.cli.commands import _surroundings


def run(argv: list[str]) -> int:
    """Answers until it is told to stop; what it was sent lies in the instance's folder and survives a restart."""
    parser = argparse.ArgumentParser(prog="chezhe simulators")
    parser.add_argument("--port", type=int, default=8400)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--seed", type=int, default=7)
    wanted = parser.parse_args(argv)
    chosen = _surroundings.instance()
    os.environ.update(chosen.environment(None, DATABASE_URL=os.environ.get("DATABASE_URL", "postgresql:///unused")))
    import django

    django.setup()
    from chezhe.kernel import simulators

    simulators.serve(wanted.host, wanted.port, seed=wanted.seed, folder=chosen.folder / "simulators")
    return 0
