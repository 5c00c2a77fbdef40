"""What the house tests read: our files, their syntax trees, and the order of the rooms."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "chezhe"
DOORS = ("views", "api", "tasks", "handlers", "admin")


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file; `place` is how a finding names it."""

    path: Path

    @property
    def place(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def room(self) -> str:
        parts = self.path.relative_to(SOURCE).parts
        return parts[0] if len(parts) > 1 else ""

    @property
    def kind(self) -> str:
        """`views` for views.py and for every file of a views/ package."""
        return self.path.relative_to(SOURCE).parts[1].removesuffix(".py") if self.room else self.path.stem

    @property
    def is_test(self) -> bool:
        return "tests" in self.path.parts or self.path.name in ("conftest.py", "testing.py")

    @property
    def tree(self) -> ast.Module:
        return _tree(self.path)

    @property
    def lines(self) -> list[str]:
        return self.path.read_text().splitlines()


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


@cache
def modules() -> tuple[Module, ...]:
    """The product's Python, without migrations."""
    found = sorted(SOURCE.rglob("*.py"))
    return tuple(Module(path) for path in found if "migrations" not in path.parts and "node_modules" not in path.parts)


def product() -> Iterator[Module]:
    """Without tests."""
    return (module for module in modules() if not module.is_test)


@cache
def rooms() -> tuple[frozenset[str], ...]:
    """From the top of the house to the ground, as pyproject.toml has them."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = next(contract["layers"] for contract in settings["contracts"] if contract["type"] == "layers")
    return tuple(frozenset(name.strip(" ()") for name in layer.split("|")) for layer in layers)


def storey(room: str) -> int:
    """Small at the top; a room may use those with a larger number."""
    return next(number for number, names in enumerate(rooms()) if room in names)


def tracked(*patterns: str) -> list[Path]:
    """Files that git knows or would add, so that a fresh file is judged before it is committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in sorted(set(listing.splitlines())) if (ROOT / name).is_file()]


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def dotted(node: ast.AST) -> str:
    """`Loan.objects.filter` for the chain `Loan.objects.filter(…).…`; calls inside the chain are looked through."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return dotted(node.func)
    if isinstance(node, ast.Subscript):
        return dotted(node.value)
    return node.id if isinstance(node, ast.Name) else "…"


def report(findings: list[str]) -> str:
    """One finding a line, as the failure's message."""
    return "\n" + "\n".join(findings)
