"""200 MB sent to a real server: it answers while they arrive, and keeps none of them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest

MEGABYTE = 1024 * 1024
SIZE = 200 * MEGABYTE
HEAD = b'--X\r\nContent-Disposition: form-data; name="file"; filename="big.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7\n'
TAIL = b"\r\n--X--\r\n"


@dataclass
class Server:
    """Granian as production runs it, with one worker and a folder of its own for half uploads."""

    process: subprocess.Popen[bytes]
    port: int
    folder: Path

    def peak(self) -> int:
        """The most memory that any of its processes held, in MB."""
        pids = [self.process.pid, *map(int, Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split())]
        lines = [line for pid in pids for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM")]
        return max(int(line.split()[1]) for line in lines) // 1024


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "uploads"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "CHEZHE_MODE": "test", "TMPDIR": str(folder)}
    words = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "2", "--port", str(port)]
    process = subprocess.Popen([*words, "chezhe.config.wsgi:application"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(150):
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        yield Server(process, port, folder)
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.long
@pytest.mark.parametrize("path", ["/api/v1/documents", "/documents/panel/"])
def test_a_real_server_refuses_200_megabytes_while_they_arrive(server: Server, path: str) -> None:
    send(server, path, b"", declared=True)  # the first request loads the pages
    before, (status, text, sent) = server.peak(), send(server, path, b"x" * 65_536, declared=True)
    assert status == 413 and "文件超过 20 MB，请压缩或拆分后再上传。" in text
    assert sent < SIZE / 2 and server.peak() - before < 40, f"{sent:,} bytes taken, {server.peak() - before} MB more"
    assert not list(server.folder.iterdir())


@pytest.mark.long
def test_without_a_length_nothing_is_taken_for_a_file(server: Server) -> None:
    send(server, "/api/v1/documents", b"", declared=False)
    before, (status, _text, _sent) = server.peak(), send(server, "/api/v1/documents", b"x" * 65_536, declared=False)
    assert 400 <= status < 500 and server.peak() - before < 40 and not list(server.folder.iterdir())


def send(server: Server, path: str, piece: bytes, *, declared: bool) -> tuple[int, str, int]:
    """Status, text, and how many bytes the server took before it hung up; without `piece` an empty form."""
    pieces = SIZE // len(piece) if piece else 0
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.putrequest("POST", path)
    connection.putheader("Content-Type", "multipart/form-data; boundary=X")
    length = len(HEAD) + pieces * len(piece) + len(TAIL)
    connection.putheader(*(("Content-Length", str(length)) if declared else ("Transfer-Encoding", "chunked")))
    connection.endheaders()
    sent = 0
    try:
        for part in (HEAD, *([piece] * pieces), TAIL):
            connection.send(part if declared else b"%x\r\n%s\r\n" % (len(part), part))
            sent += len(part)
        connection.send(b"" if declared else b"0\r\n\r\n")
    except OSError:
        pass  # it hung up: the answer is waiting
    answer = connection.getresponse()
    return answer.status, answer.read().decode(), sent
