"""The disk is full, under PostgreSQL or under the file store: what cannot be done is refused and nothing is half done; when there
is space again it goes on, and comes to what an undisturbed run leaves."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as django_settings

from chezhe.kernel.errors import NoSpace
from chezhe.payments.actions.import_bank_file import import_bank_file
from chezhe.servicing.endofday import snapshot
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import START, Bank, days_pass, lend
from chezhe.servicing.tests.test_bank_files import HEAD
from tests.faults.facts import FAULTS, Tell, kept
from tests.faults.test_kills import House, house_at, reachable_folder, undisturbed

KB, MB = 2**10, 2**20
# How much is left for the run: from nothing to nearly enough.
DISK_MAX = 512 * MB
LEFT = (0, 64 * KB, 256 * KB, MB)


@contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[Path]:
    """A file system of its own at `place`; where none can be mounted the test is skipped and says why."""
    if os.geteuid() != 0:
        pytest.skip("not root: a small disk cannot be mounted, so a full one was not tried")
    size = f"size={megabytes}m,mode=0755"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(place)], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"this machine mounts no small disk, so a full one was not tried: {mounted.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@contextmanager
def full(disk: Path, left: int = 0) -> Iterator[None]:
    """Inside, only `left` bytes are free. Only ever on a small disk of our own: nobody else's is filled."""
    assert os.path.ismount(disk) and os.statvfs(disk).f_blocks * os.statvfs(disk).f_frsize <= DISK_MAX
    ballast = disk / "ballast"
    try:
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while (free := os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize) > left:
                file.write(bytes(min(free - left, MB)))
        yield
    finally:
        ballast.unlink()


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """Everything of a house on one small disk, where the server's account can reach it."""
    with reachable_folder() as place, small_disk(place, 500) as disk, house_at(disk) as made:
        assert made.cluster.places.home.parent == disk
        yield made


@pytest.mark.parametrize("task", ["close", "pay"])
def test_postgresql_without_space_loses_and_doubles_nothing(house: House, task: str, tmp_path: Path, record_property: Tell) -> None:
    disk, cut_short, stopped = house.cluster.places.home.parent, 0, 0
    whole, _seconds = undisturbed(house, task, str(tmp_path / "whole"))
    for left in LEFT:
        name, acknowledged = house.fresh(), tmp_path / f"acknowledged_{left}"
        acknowledged.touch()
        with full(disk, left):
            house.ask(f"{task} {name} {acknowledged}")
            house.await_end()
        stopped += stand_up(house, name)
        booked = house.stands(name, task)
        assert set(acknowledged.read_text().split()) <= set(booked) and len(set(booked)) == len(booked)
        cut_short += house.state(name) != whole
        house.ask(f"{task} {name} {acknowledged}")
        house.await_end()
        after = house.state(name)
        assert after == whole, f"{left} bytes left: {sorted(set(after) ^ set(whole))[:6]}"
        house.cluster.drop_database(name)
    print(f"\n{task} on a full disk {len(LEFT)} times: {cut_short} cut short, PostgreSQL stopped {stopped} times, one end")
    record_property(FAULTS, {"full disks": len(LEFT), "interrupted": cut_short, "same states afterwards": len(LEFT)})
    assert cut_short, "the disk was never too small"


def stand_up(house: House, name: str) -> bool:
    """A server that could not even write its log has stopped; with space it comes back by itself or is started."""
    for _ in range(100):
        try:
            with house.cluster.connect(name):
                return False
        except psycopg.OperationalError:
            time.sleep(0.2)
            if house.cluster.pid() is None:
                break
    house.cluster.start()
    return True


@pytest.fixture
def disk(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """The file store on a disk of four megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    with small_disk(place, 4):
        settings.MEDIA_ROOT = place
        yield place


@pytest.mark.django_db
def test_a_statement_that_cannot_be_kept_is_not_booked(bank: Bank, disk: Path) -> None:
    loan, before = lend(bank), kept()
    content = (HEAD + f"2026-01-15,100.00,S1,王,,{loan.number}\n").encode()
    with full(disk), pytest.raises(NoSpace) as refused:
        import_bank_file(content=content, name="一月.csv", by=bank.fang)
    assert refused.value.http_status == 507 and "没有记账" in str(refused.value)
    assert kept() == before and not [path for path in disk.rglob("*") if path.is_file()]
    assert import_bank_file(content=content, name="一月.csv", by=bank.fang).new_lines == 1


@pytest.mark.django_db
def test_a_snapshot_that_finds_no_space_leaves_the_one_before(bank: Bank, disk: Path) -> None:
    lend(bank)
    place = snapshot.keep(START)
    days_pass(bank, START + timedelta(days=31))
    with full(disk), pytest.raises(OSError):
        snapshot.keep(START)
    assert [path.name for path in snapshot.folder().iterdir()] == [place.name], "no half of a file is left"
    assert told(START) == [START] and django_settings.MEDIA_ROOT == disk
    snapshot.keep(START)
    assert told(START) == [Loan.objects.get().as_of] != [START]


def told(day: date) -> list[date]:
    book = snapshot.read(day)
    assert book is not None
    return [row["as_of"] for row in book.rows]
