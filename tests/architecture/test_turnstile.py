"""The turnstile before the web process: so many at once, first come first served, large bodies beside it."""

from __future__ import annotations

import threading
import time
from typing import Any

from chezhe.config.turnstile import SMALL_BYTES, Turnstile


class Pages:
    """An application whose pages take until they are told to end."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.may_end = threading.Semaphore(0)
        self.lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], _start: Any) -> list[bytes]:
        with self.lock:
            self.begun.append(environ["PATH_INFO"])
        if not self.may_end.acquire(timeout=10):
            raise TimeoutError
        if environ["PATH_INFO"] == "/breaks":
            raise ValueError
        return [b""]


def ask(gate: Turnstile, path: str, **more: str) -> threading.Thread:
    def go() -> None:
        try:
            gate({"PATH_INFO": path, **more}, None)  # type: ignore[arg-type]
        except ValueError:
            pass

    thread = threading.Thread(target=go)
    thread.start()
    return thread


def until(pages: Pages, count: int) -> None:
    deadline = time.monotonic() + 10
    while len(pages.begun) < count and time.monotonic() < deadline:
        time.sleep(0.001)
    assert len(pages.begun) == count


def test_two_at_once_and_the_others_in_the_order_in_which_they_came() -> None:
    pages = Pages()
    gate = Turnstile(pages, at_once=2)
    threads = []
    for number, path in enumerate(("/1", "/breaks", "/3", "/4", "/5"), start=1):
        threads.append(ask(gate, path))
        if number <= 2:
            until(pages, number)
        else:
            while len(gate._waiting) < number - 2:
                time.sleep(0.001)
    time.sleep(0.05)
    assert pages.begun == ["/1", "/breaks"]
    for done in range(3):
        pages.may_end.release()
        until(pages, 3 + done)
    assert pages.begun == ["/1", "/breaks", "/3", "/4", "/5"]
    pages.may_end.release(2)
    for thread in threads:
        thread.join(10)
    assert gate._free == 2, "whoever breaks gives the place back, too"


def test_a_body_that_arrives_slowly_holds_up_nobody() -> None:
    pages = Pages()
    gate = Turnstile(pages, at_once=1)
    threads = [ask(gate, "/page"), ask(gate, "/upload", CONTENT_LENGTH=str(SMALL_BYTES + 1)), ask(gate, "/flow", HTTP_TRANSFER_ENCODING="chunked")]
    until(pages, 3)
    pages.may_end.release(3)
    for thread in threads:
        thread.join(10)
