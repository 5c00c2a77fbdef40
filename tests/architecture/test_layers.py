"""The import rules refuse what they should: forbidden imports are put into a copy and the check must fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from chezhe.cli.commands import house_check
from tests.architecture import house

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
    """A repository of its own with the product's Python and the rules, nothing else."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copy(house.ROOT / "pyproject.toml", folder)
    for module in house.modules():
        target = folder / module.path.relative_to(house.ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(module.path, target)
    (folder / ".gitignore").write_text(".import_linter_cache/\n__pycache__/\nvar/\n")
    _git(folder, "init", "-q")
    _commit(folder, "The house as it stands.")
    return folder


def _check(folder: Path) -> subprocess.CompletedProcess[str]:
    """What `./run check layers` does, in the copy: 2 would mean that no such check is left."""
    return _run(folder, [sys.executable, "-m", "chezhe.cli.main", "house-check", "layers"])


def _everything_the_check_says(folder: Path) -> str:
    """The check's own command; the house prints only its last lines."""
    return _run(folder, next(check.command for check in house_check.all_checks() if check.name == "layers")).stdout


def _run(folder: Path, command: list[str]) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder / "src")}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def _commit(folder: Path, message: str) -> None:
    _git(folder, "add", "-A")
    _git(folder, "-c", "user.name=Clerk", "-c", "user.email=clerk@example.com", "commit", "-qm", message)


def _git(folder: Path, *words: str) -> None:
    apart = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    subprocess.run(["git", *words], cwd=folder, env={**apart, "GIT_CONFIG_GLOBAL": os.devnull}, check=True, capture_output=True)


def test_the_house_as_it_stands_keeps_every_rule(copy: Path) -> None:
    answer = _check(copy)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_every_forbidden_import_fails_the_build(copy: Path) -> None:
    """All of them at once, so that the linter reads the house only once more; each must break the rule it breaks."""
    for place, line, _ in SEEDED:
        path = copy / "src" / "chezhe" / place
        before = path.read_text() if path.exists() else ""
        path.write_text(f"{before}\n{line}")
    _commit(copy, "Imports that the house forbids.")
    answer = _check(copy)
    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert "✗ layers" in answer.stdout
    said = _everything_the_check_says(copy)
    broken = [row for row in said.splitlines() if " BROKEN" in row]
    for place, line, rule in SEEDED:
        assert any(row.startswith(rule) for row in broken), f"{rule} let this pass: {line}"
        assert f"chezhe.{place.removesuffix('.py').replace('/', '.')} ->" in said, f"not named: {place}"
    assert len(broken) == 6
