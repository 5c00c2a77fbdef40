"""Characters that nobody sees, no keyboard types, and that turn the words beside them round: where they may not stand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

# Tab and line ends are text. PostgreSQL keeps no NUL; the others are escape sequences of terminals and printers.
_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
# Embeddings, overrides and isolates of the two writing directions: a name that reads otherwise than it is stored.
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_CONTROL = re.compile(f"[{_CONTROLS}]")
_UNSEEN = re.compile(f"[{_CONTROLS}{TURNING}]")


def has_control(texts: Iterable[str]) -> bool:
    """Whether one of the texts of a form holds a control character; turning marks come with pasted text and are dropped."""
    return any(_CONTROL.search(text) for text in texts)


def is_unseen(values: Iterable[Any]) -> bool:
    """Whether any text in JSON values, keys included, holds a character that a program has no reason to send."""
    for value in values:
        if isinstance(value, str):
            if _UNSEEN.search(value):
                return True
        elif isinstance(value, dict):
            if is_unseen([*value, *value.values()]):
                return True
        elif isinstance(value, list) and is_unseen(value):
            return True
    return False
