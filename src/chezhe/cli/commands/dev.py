"""`chezhe dev [--port N]`: like the demo, but reloads on change and logs to this terminal."""

from __future__ import annotations

import argparse

from chezhe.cli.commands import _house, _surroundings


def run(argv: list[str]) -> int:
    """An instance of its own (`var/dev`), with sample data the first time."""
    parser = argparse.ArgumentParser(prog="run dev", description="开发:改动即重载 For work: reloads on change.")
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--fresh", action="store_true", help="丢弃原有数据 throw its data away first")
    parser.add_argument("--no-sample", action="store_true", help="不生成示例数据 without sample data")
    wanted = parser.parse_args(argv)
    chosen = _surroundings.instance("dev")
    return _house.keep(chosen, port=wanted.port, host=wanted.host, is_fresh=wanted.fresh, is_dev=True, has_sample=not wanted.no_sample)
