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


def test_every_forbidden_import_fails_the_build(copy: Path) -> None:
    """All of them at once, so that the linter reads the house only once more; each must break the rule it breaks."""
    for place, line, _ in SEEDED:
        path = copy / "src" / "chezhe" / place
        before = path.read_text() if path.exists() else ""
        path.write_text(f"{before}\n{line}")
    answer = _lint(copy)
    assert answer.returncode != 0
    broken = [row for row in answer.stdout.splitlines() if " BROKEN" in row]
    for place, line, rule in SEEDED:
        assert any(row.startswith(rule) for row in broken), f"{rule} let this pass: {line}"
        assert f"chezhe.{place.removesuffix('.py').replace('/', '.')} ->" in answer.stdout, f"not named: {place}"
    assert len(broken) == 6
