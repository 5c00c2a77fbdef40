"""`chezhe invented-behaviour --outcome bad_12m|late_90d --count N --out FILE.parquet|FILE.csv [--seed N]`: how invented people pay.

    chezhe invented-behaviour --outcome bad_12m --count 24000 --out behaviour.parquet
    chezhe model train --data behaviour.parquet --target bad_12m --kind scorecard --time observed_on --test-from 2025-06-01 --out DIR
"""

from __future__ import annotations

import argparse
import sys
from decimal import Decimal
from pathlib import Path


def run(argv: list[str]) -> int:
    """Write the file; exit code 2 for a request that could not be read."""
    from chezhe.risk.profiles.generating import OUTCOMES

    words = argparse.ArgumentParser(
        prog="chezhe invented-behaviour", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    words.add_argument("--outcome", choices=sorted(OUTCOMES), required=True)
    words.add_argument("--count", type=int, default=24_000)
    words.add_argument("--seed", type=int, default=11)
    words.add_argument("--out", type=Path, required=True)
    given = words.parse_args(argv)
    if given.out.suffix not in (".parquet", ".csv") or given.count < 1:
        words.error("--out ends in .parquet or .csv, --count is 1 or more")
    _write(given.count, given.seed, given.outcome, given.out)
    sys.stdout.write(f"{given.count} {given.out}\n")
    return 0


def _write(count: int, seed: int, outcome: str, out: Path) -> None:
    from chezhe.risk.profiles.generating import rows
    from chezhe.scorecards import tables

    made = list(rows(count, seed, outcome))
    names = list(dict.fromkeys(name for row in made for name in row))
    tables.write(out, {name: [_plain(row.get(name)) for row in made] for name in names})


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value
