"""Everything is used, and everything that is said stands once."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

from chezhe.kernel.errors import BusinessError
from tests.architecture import house
from tests.architecture.house import Module, report

# Read by Django or the operating system under their names.
BY_NAME = ("apps.py", "urls.py", "config/settings.py")


def test_nothing_is_defined_that_nobody_uses() -> None:
    texts = [path.read_text() for path in house.tracked("*.py", "*.html", "pyproject.toml")]
    used = Counter(word for text in texts for word in re.findall(r"\w+", text))
    findings = [
        f"{module.place}:{line} {name}" for module in house.product() if not module.place.endswith(BY_NAME)
        for line, name in _defined(module) if used[name] == 1 and name[:2] != "__"
    ]
    assert not findings, report(findings)


def test_no_three_refusals_say_the_same_under_the_same_code() -> None:
    """Two may be a coincidence; the third belongs into `kernel.errors`."""
    said: dict[tuple[str, str], list[str]] = {}
    for error in _descendants(BusinessError):
        if "sentence" in error.__dict__ and error.__module__.startswith("chezhe."):
            said.setdefault((error.code, str(error.sentence)), []).append(f"{error.__module__}.{error.__name__}")
    findings = [f"{code}: {', '.join(sorted(places))}" for (code, _sentence), places in said.items() if len(places) > 2]
    assert not findings, report(findings)


def test_no_helper_stands_in_two_files() -> None:
    """Word for word; one-liners and constructors may."""
    places: dict[str, list[str]] = {}
    for module in house.product():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef) and not node.decorator_list and node.name[:2] != "__" and _weight(node) >= WEIGHT_MIN:
                places.setdefault(f"{node.name} {ast.dump(ast.Module(node.body, []))}", []).append(f"{module.place}:{node.lineno}")
    findings = [f"{key.partition(' ')[0]}: {', '.join(found)}" for key, found in places.items() if len(found) > 1]
    assert not findings, report(findings)


WEIGHT_MIN = 18


def _weight(node: ast.FunctionDef) -> int:
    return sum(1 for part in ast.walk(node) if isinstance(part, ast.expr))


def _defined(module: Module) -> Iterator[tuple[int, str]]:
    """Names of the module and methods of classes without a base; what is decorated or inherited may be called by others."""
    for node in module.tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.decorator_list:
            yield node.lineno, node.name
        if isinstance(node, ast.Assign):
            yield from ((node.lineno, target.id) for target in node.targets if isinstance(target, ast.Name))
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.lineno, node.target.id
        if isinstance(node, ast.ClassDef) and not node.bases:
            methods = [part for part in node.body if isinstance(part, ast.FunctionDef) and not part.name.startswith("__")]
            yield from ((part.lineno, part.name) for part in methods)


def _descendants(base: type) -> Iterator[type[BusinessError]]:
    for child in base.__subclasses__():
        yield child
        yield from _descendants(child)
