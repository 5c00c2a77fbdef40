"""The import rules refuse what they should: forbidden imports are put into a copy and the check must fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import house

LINTER = Path(sys.executable).parent / "lint-imports"
SEEDED = [
    ("kernel/upward.py", "from chezhe.staff import models\n", "Rooms follow the life of a loan"),
    ("staff/queries.py", "from chezhe.staff.actions import create_user\n", "Inside a room"),
    ("ledger/rules.py", "from django.db import models\n", "Pure modules never touch Django"),
    ("finmath/leak.py", "from chezhe.kernel import clock\n", "Rooms follow the life of a loan"),
    ("staff/steps.py", "import chezhe.kernel.views\n", "Doors are private to their room"),
    ("config/shortcut.py", "from chezhe.staff.actions import create_user\n", "Only doors call actions"),
    ("staff/actions/create_user.py", "from chezhe.staff.actions import disable_user\n", "An action never calls an action"),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product's Python and the rules, nothing else."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copy(house.ROOT / "pyproject.toml", folder)
    for module in house.modules():
        target = folder / module.path.relative_to(house.ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(module.path, target)
    return folder


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder / "src")}
    command = [str(LINTER), "--no-cache", "--config", str(folder / "pyproject.toml")]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_house_as_it_stands_keeps_every_rule(copy: Path) -> None:
    answer = _lint(copy)
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize(("place", "line", "rule"), SEEDED)
def test_a_forbidden_import_fails_the_build(copy: Path, place: str, line: str, rule: str) -> None:
    path = copy / "src" / "chezhe" / place
    before = path.read_text() if path.exists() else None
    path.write_text((before or "") + "\n" + line)
    try:
        answer = _lint(copy)
    finally:
        path.write_text(before) if before is not None else path.unlink()
    assert answer.returncode != 0
    broken = [row for row in answer.stdout.splitlines() if row.endswith("BROKEN")]
    assert any(row.startswith(rule) for row in broken), answer.stdout
