"""What our files may not say: the name of a package registry, or a path of the machine they were written on."""

from __future__ import annotations

import re

from tests.architecture import house
from tests.architecture.house import report

# Put together here, so that this file does not contain what it forbids.
REGISTRIES = (
    "pypi" + ".org", "pythonhosted" + ".org", "registry.npm" + "js.org", "npm" + "js.com", "yarnpkg" + ".com",
    "deb.debian" + ".org", "security.debian" + ".org", "crates" + ".io", "tuna.tsinghua" + ".edu", "npmmirror" + ".com", "unpkg" + ".com",
    "cdn.jsdel" + "ivr", "googleapis" + ".com",
)
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:" + "|".join(["work/", "root/", "home/[a-z]", "Users/", "tmp/team", "opt/pypi"]) + ")")
SECRETS = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bghp_[A-Za-z0-9]{36}\b")
TEXT_ENDINGS = (
    ".py", ".html", ".txt", ".md", ".json", ".toml", ".po", ".ts", ".mjs", ".js", ".css", ".svg", ".yml", ".yaml", ".service",
    ".lock", ".npmrc", ".gitignore", ".typ", ".sh", ".csv", "run",
)


def _texts() -> list[tuple[str, str]]:
    files = [path for path in house.tracked() if path.name.endswith(TEXT_ENDINGS)]
    return [(str(path.relative_to(house.ROOT)), path.read_text(errors="replace")) for path in files]


def _findings(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{place}:{text.count(chr(10), 0, found.start()) + 1} {found[0]}"
        for place, text in _texts()
        for found in pattern.finditer(text)
    ]


def test_no_file_names_a_package_registry() -> None:
    findings = _findings(re.compile("|".join(re.escape(name) for name in REGISTRIES)))
    assert not findings, report(findings)


def test_no_file_names_a_path_of_one_machine() -> None:
    findings = [finding for finding in _findings(MACHINE_PATHS) if "architecture/test_files.py" not in finding]
    assert not findings, report(findings)


def test_no_file_carries_a_secret() -> None:
    findings = [finding for finding in _findings(SECRETS) if "architecture/test_files.py" not in finding]
    assert not findings, report(findings)


def test_every_package_of_the_lock_is_pinned_by_hash() -> None:
    lock = (house.ROOT / "requirements.lock").read_text()
    entries = re.split(r"^(?=[A-Za-z0-9])", re.sub(r"^#.*\n", "", lock, flags=re.MULTILINE), flags=re.MULTILINE)[1:]
    assert len(entries) > 50
    unpinned = [entry.split()[0] for entry in entries if "==" not in entry.split()[0] or "--hash=sha256:" not in entry]
    assert not unpinned, report(unpinned)


def test_no_compiled_or_built_file_is_committed() -> None:
    wrong = (".mo", ".pyc", ".so", ".map", ".min.js", ".sqlite3", ".woff2")
    findings = [str(path.relative_to(house.ROOT)) for path in house.tracked() if path.name.endswith(wrong)]
    assert not findings, report(findings)
