"""So many requests at once as one process can really work on; the others wait their turn before the door.

Python computes in one thread at a time: a dozen pages begun together all take a dozen times as long, while two at a time
leave a second one to compute when the first waits for the database. Threads beyond that are for bodies that arrive
slowly (uploads), which pass beside the turnstile so that they hold up nobody.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
AT_ONCE = 2
SMALL_BYTES = 64 * 1024


class Turnstile:
    """Wraps a WSGI application. Whoever came first goes first."""

    def __init__(self, application: WsgiApp, at_once: int = AT_ONCE) -> None:
        self.application, self._free = application, at_once
        self._lock, self._waiting = threading.Lock(), deque[threading.Lock]()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if _is_large(environ):
            return self.application(environ, start_response)
        self._enter()
        try:
            return self.application(environ, start_response)
        finally:
            self._leave()

    def _enter(self) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()  # until the one who leaves hands the place over

    def _leave(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1


def _is_large(environ: dict[str, Any]) -> bool:
    """Also what does not say how long it is."""
    length = environ.get("CONTENT_LENGTH") or "0"
    return not length.isdigit() or int(length) > SMALL_BYTES or "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
