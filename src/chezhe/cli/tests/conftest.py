"""Running the command line in this process, with what it printed."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from chezhe.cli.main import main


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as one JSON value."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def error(self) -> dict[str, str]:
        """The error on standard error; nothing may stand on standard output then."""
        assert self.out == ""
        error: dict[str, str] = json.loads(self.err)["error"]
        return error


Run = Callable[..., Outcome]


def run(*arguments: str, stdin: bytes | str | object = b"") -> Outcome:
    """Run `chezhe …`; `stdin` is bytes, text, or a value to send as JSON."""
    given = stdin if isinstance(stdin, bytes) else (stdin if isinstance(stdin, str) else json.dumps(stdin)).encode()
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    kept = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = io.TextIOWrapper(io.BytesIO(given)), out, err
    try:
        code = main(list(arguments))
    finally:
        sys.stdin, sys.stdout, sys.stderr = kept
    for stream in (out, err):
        stream.flush()
    return Outcome(code, out.buffer.getvalue().decode(), err.buffer.getvalue().decode())


@pytest.fixture
def chezhe() -> Run:
    """`chezhe("check", "vin", "…")` and `chezhe("quote", stdin={…})`."""
    return run
