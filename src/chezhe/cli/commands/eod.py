"""`chezhe eod [--date D] [--workers N]`: close the business day (or every day up to D) here and now, with a progress bar.

`chezhe eod --recompute D [--loan L…]` folds a past day again and compares it with what was kept; it writes nothing.
"""

from __future__ import annotations

from chezhe.cli.commands import _surroundings


def run(argv: list[str]) -> int:
    """0 when every day asked for is closed and no loan failed, 1 otherwise."""
    chosen = _surroundings.instance()
    with _surroundings.database_of(chosen) as cluster:
        return _surroundings.manage(["close_days", *argv], chosen.environment(cluster)).returncode
