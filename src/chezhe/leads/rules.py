"""Whose lead it is, by the calendar alone: pure."""

from __future__ import annotations

from datetime import date, timedelta

PROTECTION_DAYS = 30  # DOMAIN.md §11: a colleague's lead is his for thirty days after he took it or last worked on it


def protected_until(assigned_on: date | None, touched_on: date | None) -> date | None:
    """The last day on which the lead belongs to its owner alone; None while nobody has it."""
    if assigned_on is None:
        return None
    latest = max(assigned_on, touched_on) if touched_on else assigned_on
    return latest + timedelta(days=PROTECTION_DAYS)


def is_protected(assigned_on: date | None, touched_on: date | None, on: date) -> bool:
    """Whether nobody else may take the lead on a day."""
    until = protected_until(assigned_on, touched_on)
    return until is not None and on <= until


def pool_before(on: date) -> date:
    """Leads last taken or worked on before this day lie in the public pool."""
    return on - timedelta(days=PROTECTION_DAYS)
