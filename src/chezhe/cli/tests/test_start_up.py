"""The installed command: it starts fast, loads nothing heavy, and speaks UTF-8 in any locale."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

CHEZHE = [sys.executable, "-m", "chezhe.cli.main"]
TERMS = (
    '{"principal":"100000.00","annual_rate":"0.12","method":"equal_instalment","periods":36,'
    '"start_date":"2026-01-31","day_count":"act/act"}'
)
TABLE = Path(__file__).resolve().parents[4] / "docs" / "examples" / "tier.json"
FLOWS = '{"flows":["-97000.00","50000.00","50000.00"],"per_year":12}'
CALLS = [
    (["check", "vin", "LFV2A21K8A3000001"], ""),
    (["amount", "1409.50"], ""),
    (["rate"], FLOWS),
    (["quote"], TERMS),
    (["table", "lint", str(TABLE)], ""),
    (["table", "eval", str(TABLE)], "[{}]"),
]


@pytest.mark.parametrize(("arguments", "given"), CALLS)
def test_it_answers_without_django_numpy_or_numba(arguments: list[str], given: str) -> None:
    heavy = ("django", "numpy", "numba", "psycopg", "ninja", "pandas", "ibis", "duckdb", "pyarrow", "openpyxl")
    program = (
        "import sys; from chezhe.cli.main import main; code = main(sys.argv[1:]); "
        f"loaded = [name for name in {heavy!r} if name in sys.modules]; sys.exit(f'loaded {{loaded}}' if loaded else code)"
    )
    done = subprocess.run([sys.executable, "-c", program, *arguments], input=given, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("arguments", "given"), CALLS)
def test_start_up_time_is_printed(arguments: list[str], given: str) -> None:
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        subprocess.run([*CHEZHE, *arguments], input=given.encode(), capture_output=True, check=True)
        seconds.append(time.perf_counter() - started)
    print(f"chezhe {arguments[0]}: {min(seconds) * 1000:.0f} ms (budget 500 ms)")


def test_it_is_installed_beside_python() -> None:
    script = Path(sys.executable).with_name("chezhe")
    if not script.exists():
        pytest.skip("the package is not installed in this environment, so there is no `chezhe` beside python")
    done = subprocess.run([str(script), "amount", "6007.14"], capture_output=True, check=True)
    assert done.stdout.decode() == "人民币陆仟零柒元壹角肆分\n"


def test_it_speaks_utf8_in_a_plain_c_locale() -> None:
    plain = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONPATH": ":".join(filter(None, sys.path))}
    done = subprocess.run([*CHEZHE, "check", "plate", "京A12345"], capture_output=True, env=plain)
    assert done.returncode == 0 and json.loads(done.stdout.decode())["province"] == "北京"


def test_bytes_that_are_no_text_are_answered() -> None:
    done = subprocess.run([*CHEZHE, "check", "id", b"\xff\xfe"], capture_output=True)
    assert done.returncode == 1 and json.loads(done.stdout)["valid"] is False


def test_a_reader_that_leaves_early_is_no_error() -> None:
    done = subprocess.run(
        f"yes 13800138000 | {sys.executable} -m chezhe.cli.main check mobile - | head -1", shell=True, capture_output=True
    )
    assert json.loads(done.stdout)["valid"] is True and done.stderr == b""
