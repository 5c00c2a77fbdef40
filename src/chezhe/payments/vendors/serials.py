"""The numbers that simulated banks and channels give."""

from __future__ import annotations

from datetime import datetime
from zlib import crc32


def serial_of(letter: str, at: datetime, reference: str) -> str:
    """As banks write it, letter, day and digits; the digits follow from our order, so several simulators give none twice."""
    return f"{letter}{at:%Y%m%d}{crc32(reference.encode()):010d}"
