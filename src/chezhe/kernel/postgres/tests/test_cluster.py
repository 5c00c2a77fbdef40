"""The supervisor against a real server, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from chezhe.kernel.postgres import Cluster, PostgresFailed, account, binaries, places


@pytest.fixture
def home() -> Iterator[Path]:
    """A short folder that an unprivileged server can reach."""
    folder = Path(f"/tmp/chezhe-pg-{os.getpid()}-{time.monotonic_ns()}")
    folder.mkdir(mode=0o755)
    yield folder / "pg"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def cluster(home: Path) -> Iterator[Cluster]:
    made = Cluster(home, is_durable=False)
    yield made
    made.stop()


def test_it_creates_starts_stops_and_starts_again(cluster: Cluster) -> None:
    assert cluster.start() is True
    assert cluster.start() is False
    cluster.create_database("books")
    cluster.create_database("books")
    cluster.stop()
    assert not cluster.is_running()
    assert cluster.start() is True
    with cluster.connect("books", "chezhe") as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("chezhe",)


def test_it_listens_on_no_network_and_keeps_checksums(cluster: Cluster) -> None:
    cluster.start()
    with cluster.connect("postgres") as connection:
        asked = "SELECT current_setting('listen_addresses'), current_setting('data_checksums'), current_setting('server_encoding')"
        assert connection.execute(asked).fetchone() == ("", "on", "UTF8")


def test_only_its_own_account_and_root_may_enter(cluster: Cluster) -> None:
    cluster.start()
    for folder in (cluster.places.home, cluster.places.data, cluster.places.socket):
        found = folder.stat()
        assert stat.S_IMODE(found.st_mode) == 0o700
        assert found.st_uid == cluster.account.uid
    process = Path(f"/proc/{cluster.pid()}/status").read_text()
    assert f"Uid:\t{cluster.account.uid}\t" in process
    assert cluster.account.uid != 0


def test_the_running_product_may_not_change_the_schema(cluster: Cluster) -> None:
    cluster.start()
    cluster.create_database("books")
    with cluster.connect("books", "chezhe_app") as connection, pytest.raises(Exception, match="permission denied"):
        connection.execute("CREATE TABLE mine (id int)")


def test_a_pid_left_by_a_power_cut_does_not_stop_it(cluster: Cluster) -> None:
    """The number now belongs to a stranger: here, to this very test."""
    cluster.start()
    pid = cluster.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    cluster._child.wait()  # type: ignore[union-attr]
    left = cluster.places.data / "postmaster.pid"
    left.write_text(left.read_text().replace(str(pid), str(os.getpid()), 1))
    assert cluster.pid() is None
    assert cluster.start() is True


def test_it_waits_for_what_a_killed_server_left_running(cluster: Cluster) -> None:
    """A backend that is busy does not notice at once that its postmaster is gone."""
    cluster.start()
    cluster.create_database("books")
    busy = cluster.connect("books")
    backend = int(busy.execute("SELECT pg_backend_pid()").fetchone()[0])  # type: ignore[index, arg-type]
    os.kill(backend, signal.SIGSTOP)
    try:
        os.kill(cluster.pid() or 0, signal.SIGKILL)
        cluster._child.wait()  # type: ignore[union-attr]
        threading.Timer(1, os.kill, (backend, signal.SIGCONT)).start()
        assert cluster.start() is True
        assert not Path(f"/proc/{backend}/cwd").exists(), "the old server's last process has ended before the new one began"
    finally:
        with suppress(ProcessLookupError):
            os.kill(backend, signal.SIGKILL)


def test_two_starters_at_once_make_one_server(home: Path) -> None:
    answers: list[bool] = []

    def start() -> None:
        answers.append(Cluster(home, is_durable=False).start(dies_with_us=False))

    starters = [threading.Thread(target=start) for _ in range(3)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()
    Cluster(home).stop()
    assert sorted(answers) == [False, False, True]


def test_it_dies_with_the_program_that_started_it(home: Path) -> None:
    program = (
        "import sys, time\nfrom pathlib import Path\nfrom chezhe.kernel.postgres import Cluster\n"
        "cluster = Cluster(Path(sys.argv[1]), is_durable=False)\ncluster.start()\nprint(cluster.pid(), flush=True)\ntime.sleep(60)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", program, str(home)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    pid = int(child.stdout.readline())
    child.kill()
    child.wait()
    deadline = time.monotonic() + 20
    while Path(f"/proc/{pid}/cwd").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert Cluster(home).pid() is None


def test_a_path_too_long_for_a_socket_gets_a_short_one(home: Path) -> None:
    long = home.with_name("a" * 90) / "pg"
    long.parent.mkdir(parents=True)
    cluster = Cluster(long, is_durable=False)
    assert len(str(cluster.places.socket)) < 80
    try:
        assert cluster.start()
    finally:
        cluster.stop()
        shutil.rmtree(cluster.places.socket, ignore_errors=True)


def test_a_socket_folder_of_somebody_else_is_refused(home: Path) -> None:
    found = places.places_for(home, account.server_account())
    found.home.mkdir(parents=True)
    found.socket.symlink_to("/tmp")
    with pytest.raises(PermissionError):
        found.make(account.server_account())


def test_data_of_another_major_version_is_not_touched(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    version = cluster.places.data / "PG_VERSION"
    version.write_text("9\n")
    with pytest.raises(PostgresFailed, match="restore a backup"):
        cluster.start()


def test_debians_binaries_serve_as_well(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = binaries._of_debian()
    if not found:
        pytest.skip("no Debian PostgreSQL on this machine: type  apt-get install postgresql")
    monkeypatch.setenv("CHEZHE_POSTGRES_BIN", str(found[0]))
    cluster = Cluster(home, is_durable=False)
    try:
        assert cluster.start()
        with cluster.connect("postgres") as connection:
            assert connection.execute("SELECT 'ä' < 'b' COLLATE \"C\"").fetchone() == (False,)
    finally:
        cluster.stop()


def test_without_binaries_it_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHEZHE_POSTGRES_BIN", "/nonexistent")
    with pytest.raises(binaries.NoBinaries, match="apt-get install postgresql"):
        binaries.find()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a closed home that its server cannot read")
def test_binaries_in_a_closed_home_are_copied_to_where_they_can_be_read(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(binaries, "CACHE", home.parent / "cache")
    closed = home.parent / "closed"
    closed.mkdir(mode=0o700)
    wheel = binaries._of_the_wheel()[0].parent.parent
    shutil.copytree(wheel, closed / wheel.name, symlinks=True)
    libraries = wheel.with_name(f"{wheel.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, closed / libraries.name)
    monkeypatch.setenv("CHEZHE_POSTGRES_BIN", str(closed / wheel.name / binaries._of_the_wheel()[0].parent.name / "bin"))
    cluster = Cluster(home, is_durable=False)
    try:
        assert cluster.binaries.folder.is_relative_to(home.parent / "cache")
        assert cluster.start()
    finally:
        cluster.stop()
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
