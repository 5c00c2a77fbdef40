"""`chezhe house-check` (`./run check`): everything that can be judged without running the product."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from chezhe.cli.commands import _surroundings
from chezhe.cli.commands._surroundings import ROOT

PURE = ("finmath", "identifiers", "decisiontables", "scorecards", "jt808")
BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Check:
    """A name, a command line, and what to type when it fails."""

    name: str
    command: list[str]
    remedy: str


def run(argv: list[str]) -> int:
    """All checks (or those named), each with its time; 1 when one of them fails."""
    checks = [check for check in all_checks() if not argv or check.name in argv]
    if not checks:
        sys.stderr.write(f"checks: {', '.join(check.name for check in all_checks())}\n")
        return 2
    failed = [check for check in checks if not _passes(check)]
    for check in failed:
        print(f"✗ {check.name}: {check.remedy}")
    print(f"{len(checks) - len(failed)} / {len(checks)} checks passed")
    return 1 if failed else 0


def all_checks() -> list[Check]:
    """In order of how fast they answer."""
    source = ["src", "tests", "bench", "conftest.py"]
    present = [name for name in source if (ROOT / name).exists()]
    return [
        Check("ruff", [str(BIN / "ruff"), "check", *present], "type  .venv/bin/ruff check --fix"),
        Check("layers", [str(BIN / "lint-imports")], "an import points upward: see docs/architecture"),
        Check("types", [str(BIN / "mypy"), *_typed()], "mypy --strict on the pure packages"),
        Check("migrations", _django("makemigrations", "--check", "--dry-run"), "type  ./run manage makemigrations"),
        Check("django", _django("check", "--fail-level", "WARNING"), "see the messages above"),
        Check("openapi", [sys.executable, "-m", "chezhe.cli.main", "openapi", "--check"], "type  .venv/bin/chezhe openapi"),
        Check("house", _pytest("tests/architecture"), "the house rules: each failure says which line"),
    ]


def _typed() -> list[str]:
    rooms = ROOT / "src" / "chezhe"
    pure = [str(rooms / name) for name in PURE if (rooms / name).exists()]
    sums = [str(path) for name in ("rules.py", "postings.py") for path in sorted(rooms.glob(f"*/{name}"))]
    return [*pure, *sums, str(rooms / "cli" / "calculators.py"), "--exclude", "/tests/"]


def _django(*words: str) -> list[str]:
    return [sys.executable, "-m", "django", *words]


def _pytest(*words: str) -> list[str]:
    return [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not long", *words]


def _passes(check: Check) -> bool:
    started = time.monotonic()
    nowhere = "postgresql:///nowhere?host=/nonexistent"
    environment = _surroundings.Instance("check", ROOT / "var" / "check", "", "test", nowhere).environment(None)
    answer = subprocess.run(
        check.command, cwd=ROOT, env={**environment, "SECRET_KEY": "only-for-checks"}, capture_output=True, text=True, check=False
    )
    is_well = answer.returncode == 0
    print(f"{'✓' if is_well else '✗'} {check.name}  {time.monotonic() - started:.1f} s", flush=True)
    if not is_well:
        print("\n".join((answer.stdout + answer.stderr).strip().splitlines()[-40:]))
    return is_well
