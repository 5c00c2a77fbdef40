"""Whoever starts programs takes all of them down again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chezhe.cli.commands._crew import Crew, Died, free_port

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
FAMILY = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); time.sleep(60)"


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def _ends_soon(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while _is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not _is_alive(pid)


def _children_of(pid: int) -> list[int]:
    answer = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(word) for word in answer.stdout.split()]


def test_every_member_and_its_children_end_with_the_block(tmp_path: Path) -> None:
    with Crew() as crew:
        crew.start("family", [sys.executable, "-c", FAMILY], dict(os.environ), tmp_path / "family.log")
        parent = crew.members[0].process.pid
        deadline = time.monotonic() + 10
        while not (children := _children_of(parent)) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert children
    assert not _is_alive(parent)
    assert all(_ends_soon(pid) for pid in children)


def test_a_member_that_ignores_the_request_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chezhe.cli.commands._crew.PATIENCE_SECONDS", 0.3)
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    with Crew() as crew:
        crew.start("stubborn", [sys.executable, "-c", stubborn], dict(os.environ), tmp_path / "log")
        while "up" not in (tmp_path / "log").read_text():
            time.sleep(0.02)
        pid = crew.members[0].process.pid
    assert not _is_alive(pid)


def test_the_last_words_of_a_member_that_died_are_shown(tmp_path: Path) -> None:
    with Crew() as crew, pytest.raises(Died, match="(?s)web.*out of luck"):
        crew.start("web", [sys.executable, "-c", "import sys; sys.exit('out of luck')"], dict(os.environ), tmp_path / "log")
        crew.watch()


def test_a_request_to_stop_ends_the_watch(tmp_path: Path) -> None:
    with Crew() as crew:
        crew.start("sleeper", SLEEPER, dict(os.environ), tmp_path / "log")
        os.kill(os.getpid(), signal.SIGTERM)
        crew.watch()
        assert crew.is_asked_to_stop


def test_members_end_when_their_starter_is_killed(tmp_path: Path) -> None:
    program = (
        "import os, sys, time\nfrom pathlib import Path\nfrom chezhe.cli.commands._crew import Crew\n"
        f"crew = Crew()\ncrew.start('sleeper', {SLEEPER!r}, dict(os.environ), Path({str(tmp_path / 'log')!r}))\n"
        "print(crew.members[0].process.pid, flush=True)\ntime.sleep(60)\n"
    )
    starter = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert starter.stdout is not None
    pid = int(starter.stdout.readline())
    starter.kill()
    starter.wait()
    assert _ends_soon(pid)


def test_a_taken_port_gives_the_next_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) > port
