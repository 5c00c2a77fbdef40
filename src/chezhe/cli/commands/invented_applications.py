"""`chezhe invented-applications --count N --out FILE.parquet|FILE.csv [--seed N] [--widely-known] [--groups]`: invented applications.

    chezhe invented-applications --count 20000 --widely-known --out applications.parquet
    chezhe model train --data applications.parquet --target bad_12m --kind scorecard --time approved_on --test-from 2025-09-01 --out DIR

`--widely-known` keeps the facts that everybody with a credit report has: whoever lacks one that a card asks for is referred.
`--groups` keeps sex, age, marital status and place beside them, for `--fairness`; a model is trained with `--exclude` of the same.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def run(argv: list[str]) -> int:
    """Write the file; exit code 2 for a request that could not be read."""
    words = argparse.ArgumentParser(
        prog="chezhe invented-applications", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    words.add_argument("--count", type=int, default=20_000)
    words.add_argument("--seed", type=int, default=7)
    words.add_argument("--widely-known", action="store_true")
    words.add_argument("--groups", action="store_true")
    words.add_argument("--out", type=Path, required=True)
    given = words.parse_args(argv)
    if given.out.suffix not in (".parquet", ".csv") or given.count < 1:
        words.error("--out ends in .parquet or .csv, --count is 1 or more")
    _write(given.count, given.seed, given.out, is_narrow=given.widely_known, with_groups=given.groups)
    sys.stdout.write(f"{given.count} {given.out}\n")
    return 0


def _write(count: int, seed: int, out: Path, *, is_narrow: bool, with_groups: bool) -> None:
    import pyarrow as pa
    from pyarrow import csv, parquet

    from chezhe.risk.facts.catalogue import CATALOGUE
    from chezhe.risk.facts.definitions import RATE
    from chezhe.risk.lab.generating import GROUPS, WIDELY_KNOWN, applications

    kept = {code for code in CATALOGUE if not is_narrow or code in WIDELY_KNOWN or (with_groups and code in GROUPS)}
    rates = {code for code in kept if CATALOGUE[code].type == RATE}
    rows = [
        {name: float(value) if name in rates else value for name, value in row.items() if name in kept or name not in CATALOGUE}
        for row in applications(count, seed, with_sex=with_groups)
    ]
    names = dict.fromkeys(name for row in rows for name in row)
    table = pa.table({name: [row.get(name) for row in rows] for name in names})
    if out.suffix == ".csv":
        csv.write_csv(table, str(out))
    else:
        parquet.write_table(table, str(out))
