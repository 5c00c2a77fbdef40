"""`chezhe audit verify`: recompute the whole audit chain and name the first row that was touched."""

from __future__ import annotations

import sys

USAGE = "chezhe audit verify"


def run(argv: list[str]) -> int:
    """0 when the chain is intact, 1 when a row was altered, moved or removed, 2 for another word."""
    if argv != ["verify"]:
        sys.stderr.write(f"{USAGE}\n")
        return 2
    from chezhe.cli.commands import _surroundings

    chosen = _surroundings.instance()
    with _surroundings.database_of(chosen) as cluster:
        _surroundings.use(chosen.environment(cluster))
        return _verify()


def _verify() -> int:
    import django

    django.setup()
    from chezhe.kernel import audit

    found = audit.verify()
    print(f"{found.checked} 行已链接并核对 sealed and checked; {found.unsealed_tail} 行待链接 not yet sealed")
    print("完整 intact" if found.is_intact else f"不完整 broken: {found.first_fault}")
    return 0 if found.is_intact else 1
