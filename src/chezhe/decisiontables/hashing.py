"""The one hash of a table's content: two tables with the same hash decide alike for ever."""

from __future__ import annotations

import hashlib
import json

from chezhe.decisiontables.files import to_json
from chezhe.decisiontables.values import Table


def content_hash(table: Table) -> str:
    """SHA-256 in hex of the table's JSON as `files.to_json` writes it, keys sorted, no blanks, UTF-8. Cells count as typed."""
    text = json.dumps(to_json(table), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
