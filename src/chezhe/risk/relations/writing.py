"""Traces written together: one statement, and what was known before stays as it was."""

from __future__ import annotations

from collections.abc import Sequence

from chezhe.kernel import appending
from chezhe.risk.relations.models import Trace


def keep(rows: Sequence[Trace]) -> int:
    """Insert the traces that are new; returns how many were. The rows do not get their keys."""
    return appending.insert_new(rows)
