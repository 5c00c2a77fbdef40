"""The room's places in the rail, its panels, and its piles of waiting work."""

from __future__ import annotations


def register() -> None:
    """Called once at start-up."""
