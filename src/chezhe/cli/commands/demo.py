"""`chezhe demo [--empty] [--fresh] [--port N]`: a working system on this machine, until Ctrl-C."""

from __future__ import annotations

import argparse
import sys

from chezhe.cli.commands import _house, _surroundings


def run(argv: list[str]) -> int:
    """Database, migrations, sample data, web, worker and the simulated outside world."""
    parser = argparse.ArgumentParser(prog="run demo", description="起一套可用的系统 A working system, until Ctrl-C.")
    parser.add_argument("--empty", action="store_true", help="没有示例数据,打印一次性管理员口令 no sample data, a one-time admin secret")
    parser.add_argument("--fresh", action="store_true", help="丢弃原有演示数据重新生成 throw the demo's data away and make it anew")
    parser.add_argument("--port", type=int, default=8000, help="被占用时取下一个空闲端口 the next free one if taken")
    parser.add_argument("--host", default="127.0.0.1", help="监听地址 the address to listen on")
    wanted = parser.parse_args(argv)
    chosen = _surroundings.instance("empty" if wanted.empty else "demo")
    if chosen.url:
        sys.stderr.write("演示不使用 DATABASE_URL。The demo brings its own database: type  unset DATABASE_URL\n")
        return 1
    return _house.keep(chosen, port=wanted.port, host=wanted.host, is_fresh=wanted.fresh)
