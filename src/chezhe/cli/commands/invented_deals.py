"""`chezhe invented-deals --count N --out FILE.parquet|FILE.csv [--seed N]`: deals of invented cars, to train the own price model on.

    chezhe invented-deals --count 30000 --out deals.parquet
    chezhe model train --data deals.parquet --target price --kind valuation --time sold_on --test-from 2025-07-01 --out var/models/price
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path


def run(argv: list[str]) -> int:
    """Write the file; exit code 2 for a request that could not be read."""
    words = argparse.ArgumentParser(prog="chezhe invented-deals", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    words.add_argument("--count", type=int, default=30_000)
    words.add_argument("--seed", type=int, default=7)
    words.add_argument("--out", type=Path, required=True)
    given = words.parse_args(argv)
    if given.out.suffix not in (".parquet", ".csv") or given.count < 1:
        words.error("--out ends in .parquet or .csv, --count is 1 or more")
    _write(given.count, given.seed, given.out)
    sys.stdout.write(f"{given.count} {given.out}\n")
    return 0


def _write(count: int, seed: int, out: Path) -> None:
    import pyarrow as pa
    from pyarrow import csv, parquet

    from chezhe.risk.valuing.invented_deals import deals
    from chezhe.risk.valuing.price_rows import SOLD_ON

    rows = [{**row, SOLD_ON: date.fromisoformat(str(row[SOLD_ON]))} for row in deals(count, seed)]
    table = pa.Table.from_pylist(rows)
    if out.suffix == ".csv":
        csv.write_csv(table, str(out))
    else:
        parquet.write_table(table, str(out))
