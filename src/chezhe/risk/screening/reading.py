"""The lists asked set by set: which entries share a key with any of many names."""

from __future__ import annotations

from collections.abc import Sequence

from chezhe.kernel import prepared

_BY_KEY = """
SELECT DISTINCT k.key, k.entry_id FROM risk_listkey k WHERE k.version_id = ANY(%s::bigint[]) AND k.key = ANY(%s::text[]) ORDER BY 1, 2
"""


def entries_by_key(versions: Sequence[int], keys: Sequence[str]) -> list[tuple[str, int]]:
    """(key, entry id) of every entry of these versions under any of these keys."""
    return [(str(key), int(entry)) for key, entry in prepared.ask(_BY_KEY, [list(versions), list(keys)])]
