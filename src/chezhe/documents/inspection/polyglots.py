"""Files that are two things at once: a picture to us, a page or an archive to somebody else's program."""

from __future__ import annotations

import re

# Long enough not to turn up by chance in twenty megabytes of compressed pixels.
_MARKUP = re.compile(rb"<script|<!doctype\s|<html[\s>]|<iframe|<object\s|<embed\s|javascript:|<svg[^>]{0,200}xmlns", re.IGNORECASE)
_PHP = re.compile(rb"<\?php\s", re.IGNORECASE)
_ZIP_END = b"PK\x05\x06"
_ZIP_TAIL = 65_557  # a ZIP's directory end lies at most this far from the end of the file


def hides_something(data: bytes, *, may_hold_pdf: bool = False) -> bool:
    """True when markup, a script, an archive or (unless it is one) a PDF stands inside the bytes."""
    if _MARKUP.search(data) or _PHP.search(data) or _ZIP_END in data[-_ZIP_TAIL:]:
        return True
    return not may_hold_pdf and b"%PDF-" in data
