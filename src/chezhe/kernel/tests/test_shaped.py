"""Answers read into shapes, also by many threads that meet a shape for the first time."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

import msgspec
import pytest

from chezhe.kernel import shaped

# Without the lock this ends in a segmentation fault within a few of its shapes.
AT_ONCE = """
import sys, threading
from chezhe.kernel import shaped
sys.setswitchinterval(1e-6)
for _ in range(60):
    made = {}
    source = "import dataclasses, msgspec\\nfrom typing import Annotated, Literal\\n"
    for depth in range(6):
        inner = f"tuple[Shape{depth - 1}, ...]" if depth else "int"
        source += (f"@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)\\nclass Shape{depth}:\\n    inner: {inner}\\n"
                   "    score: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 0\\n    kind: Literal['x', 'y'] = 'x'\\n")
    exec(source, made)
    start = threading.Barrier(8)
    def read():
        start.wait()
        for _ in range(3):
            shaped.converted({"inner": [{"inner": []}], "score": 1}, made["Shape5"])
    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
print("whole")
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    name: str
    months: int = 0


def test_values_and_text_become_a_shape_strictly() -> None:
    assert shaped.converted({"name": "王", "months": 3}, Told) == shaped.decoded('{"name":"王","months":3}', Told) == Told(name="王", months=3)
    for wrong in ({"months": 3}, {"name": "王", "months": "3"}):
        with pytest.raises(msgspec.ValidationError):
            shaped.converted(wrong, Told)
    with pytest.raises(msgspec.DecodeError):
        shaped.decoded("{", Told)


def test_many_threads_that_meet_a_shape_for_the_first_time_all_read_it() -> None:
    done = subprocess.run([sys.executable, "-c", AT_ONCE], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout.strip()) == (0, "whole"), done.stderr[-500:]
