"""The examples of the pages about the command line: run as written, answered as printed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from chezhe.cli.messages import READING

PAGE = Path(__file__).resolve().parents[4] / "docs" / "cli.md"
PAGES = (PAGE, PAGE.with_name("decision-tables.md"))


def examples() -> list[tuple[str, str]]:
    """Each command of the pages' console blocks with the output printed under it."""
    found: list[tuple[str, str]] = []
    for block in re.findall(r"```console\n(.*?)```", "".join(page.read_text(encoding="utf-8") for page in PAGES), re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output))
    return found


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A PATH on which `chezhe` is this checkout's."""
    folder = tmp_path_factory.mktemp("bin")
    script = folder / "chezhe"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m chezhe.cli.main "$@"\n')
    script.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if name != "CHEZHE_LANGUAGE"}
    return kept | {"PATH": f"{folder}:{os.environ['PATH']}", "PYTHONPATH": str(PAGE.parents[1] / "src")}


def run_example(command: str, environment: dict[str, str]) -> str:
    done = subprocess.run(["bash", "-c", f"{command}"], capture_output=True, env=environment, check=False, cwd=PAGE.parents[1])
    out, err = done.stdout.decode(), done.stderr.decode()
    return err + out  # an error is the only thing printed, apart from `echo`


@pytest.mark.parametrize(("command", "output"), examples())
def test_an_example_answers_as_printed(command: str, output: str, environment: dict[str, str]) -> None:
    assert output.strip(), "the page prints no answer for this example"
    assert run_example(command, environment) == output


def test_the_page_names_every_reading_code() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [code for code in READING if f"`{code}`" not in page] == []


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_map_names_every_room_and_no_link_is_dead(name: str) -> None:
    root = PAGE.parents[1]
    page = (root / name).read_text(encoding="utf-8")
    rooms = [folder.parent.name for folder in (root / "src" / "chezhe").glob("*/__init__.py")]
    assert [room for room in rooms if f"`{room}`" not in page] == []
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", page) if "://" not in link]
    assert links and [link for link in links if not (root / link).exists()] == []
