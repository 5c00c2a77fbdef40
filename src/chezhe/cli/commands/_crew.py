"""Start several programs, watch them, and take every one of them down again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, Self

from chezhe.kernel.postgres.account import die_with_parent

PATIENCE_SECONDS = 15
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(slots=True)
class Member:
    """A running program and where its output goes (None: our own terminal)."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path | None


class Died(RuntimeError):
    """A program ended that should have stayed; the message carries its last lines."""


@dataclass(slots=True)
class Crew:
    """A context: on leaving it, for whatever reason, the members stop in the reverse order of their start."""

    members: list[Member] = field(default_factory=list)
    is_asked_to_stop: bool = False
    _before: dict[int, Any] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._ask) for number in STOP_SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        # A second Ctrl-C while we clean up must not leave anything running.
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        self.dismiss()
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def dismiss(self) -> None:
        """Stop every member, last started first."""
        while self.members:
            _stop(self.members.pop())

    def start(self, name: str, command: list[str], environment: dict[str, str], log: Path | None) -> None:
        """The child gets a session of its own: Ctrl-C reaches only us, and we stop it in order."""
        self.members.append(Member(name, _spawn(command, environment, log), log))

    def await_http(self, url: str, seconds: float) -> None:
        """Until `url` answers 200; raises Died when a member ends first or the time is over."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self.is_asked_to_stop:
            self.check()
            if _answers(url):
                return
            time.sleep(0.1)
        if not self.is_asked_to_stop:
            raise Died(f"{url} 在 {seconds:.0f} 秒内没有应答 does not answer.\n{_tail(self.members[-1].log)}")

    def watch(self) -> None:
        """Until we are asked to stop; raises Died when a member ends by itself."""
        while not self.is_asked_to_stop:
            self.check()
            time.sleep(0.2)

    def check(self) -> None:
        for member in self.members:
            code = member.process.poll()
            if code is not None:
                raise Died(f"{member.name} 意外结束 ended unexpectedly ({code}).\n{_tail(member.log)}")

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.is_asked_to_stop = True


def free_port(wanted: int, host: str = "127.0.0.1") -> int:
    """`wanted` or the next one that nobody listens on."""
    for port in range(wanted, min(wanted + 200, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise Died(f"{wanted} 起没有空闲端口 no free port from {wanted}: type  --port N")


def _spawn(command: list[str], environment: dict[str, str], log: Path | None) -> subprocess.Popen[bytes]:
    def prepare() -> None:
        os.setsid()
        # A shell that started us in the background lets its children ignore Ctrl-C; ours must hear what we send.
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        die_with_parent(signal.SIGTERM)

    if log is None:
        return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, preexec_fn=prepare)
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "wb") as out:
        return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out, preexec_fn=prepare)


def _stop(member: Member) -> None:
    """Ask, wait, insist; then clear the rest of its session."""
    if member.process.poll() is None:
        member.process.terminate()
        try:
            member.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            member.process.kill()
            member.process.wait()
    try:
        os.killpg(member.process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _tail(log: Path | None, count: int = 20) -> str:
    if log is None or not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
