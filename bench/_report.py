"""What every bench shares: its options, its last line, its exit code."""

from __future__ import annotations

import argparse
import json
import sys
import urllib.request
from collections.abc import Callable
from math import ceil
from typing import Any


def options(name: str, argv: list[str] | None = None) -> argparse.Namespace:
    """The same few words for every bench; each takes the ones it knows what to do with."""
    parser = argparse.ArgumentParser(prog=f"run bench {name}")
    parser.add_argument("--loans", type=positive, help="多少笔贷款 how many loans")
    parser.add_argument("--seconds", type=positive, help="每项多少秒 seconds a measurement")
    parser.add_argument("--users", type=positive, help="多少人同时 how many people at once")
    parser.add_argument("--pause", type=float, default=0.0, help="每页停留秒数 seconds before the next page")
    parser.add_argument("--port", type=positive, default=8700, help="从此端口起 from this port on")
    parser.add_argument("--fresh", action="store_true", help="重新生成示例数据 make the sample data anew")
    parser.add_argument("--workers", type=numbers, help="几个进程（或 1,2,4）processes that close the shards, several compared")
    parser.add_argument("--month-end", action="store_true", help="结月末日 close the last day of a month, three in ten loans touched")
    parser.add_argument("--in-order", action="store_true", help="按放款先后排列 loans in the order in which they were paid out")
    parser.add_argument("--rows", type=positive, help="多少笔申请 how many applications are decided again")
    parser.add_argument("--applications", type=positive, help="多少笔进件 how many applications")
    parser.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb", help="引擎 where the backtest is worked out")
    parser.add_argument("--json", action="store_true", help="最后一行为 JSON the last line is JSON")
    return parser.parse_args(argv)


def call(address: str, method: str, path: str, token: str, body: dict[str, Any]) -> dict[str, Any]:
    """One request to the API with a key; raises HTTPError for anything but a yes."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{address}{path}", json.dumps(body).encode(), headers, method=method)  # noqa: S310 - our own
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        found: dict[str, Any] = json.loads(answer.read())
    return found


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed; 0 for none."""
    ordered = sorted(values)
    return ordered[max(ceil(share * len(ordered)) - 1, 0)] if ordered else 0.0


def positive(word: str) -> int:
    value = int(word.replace("_", ""))
    if value < 1:
        raise argparse.ArgumentTypeError(f"{word} must be at least 1")
    return value


def numbers(words: str) -> list[int]:
    """Different numbers, smallest first: 1,2,4."""
    return sorted({positive(word) for word in words.split(",")})


def main(name: str, run: Callable[[argparse.Namespace], dict[str, Any]]) -> None:
    """Run one bench and exit: 1 when it found something that must not be (`failures`)."""
    chosen = options(name)
    found = run(chosen)
    for failure in found.get("failures", ()):
        print(f"✗ {name}: {failure}")
    if chosen.json:
        print(json.dumps(found, ensure_ascii=False), flush=True)
    sys.stdout.flush()
    sys.exit(1 if found.get("failures") else 0)
