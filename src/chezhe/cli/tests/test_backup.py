"""Books and files of one moment, put back whole or not at all."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from chezhe.cli.commands import _archive, _books, backup, restore
from chezhe.cli.commands._surroundings import Instance
from chezhe.kernel import audit
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.postgres import Cluster
from chezhe.kernel.postgres.pytest_environment import CLUSTER_HOME


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    books = tmp_path / "source.dump"
    books.write_bytes(b"books" * 5000)
    paper = tmp_path / "paper"
    paper.write_bytes(b"contract")
    with _archive.written(tmp_path / "backup.tar") as writer:
        writer.add("books.dump", books)
        writer.add("files/ab/paper", paper)
        writer.add("files/gone", tmp_path / "deleted meanwhile")
        writer.close(instance="demo")
    return tmp_path / "backup.tar"


def test_an_archive_comes_back_as_it_was(archive: Path, tmp_path: Path) -> None:
    manifest = _archive.read_manifest(archive)
    assert sorted(manifest["members"]) == ["books.dump", "files/ab/paper"]
    _archive.unpack(archive, tmp_path / "out")
    assert (tmp_path / "out/files/ab/paper").read_bytes() == b"contract"
    assert archive.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("where", [600, 9000, 25_700])
def test_one_changed_byte_is_refused(archive: Path, where: int) -> None:
    content = bytearray(archive.read_bytes())
    content[where] ^= 0x01
    archive.write_bytes(content)
    with pytest.raises(_archive.BadArchive):
        _archive.read_manifest(archive)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_an_archive_cut_short_is_refused(archive: Path, share: float) -> None:
    content = archive.read_bytes()
    archive.write_bytes(content[: int((len(content) - 10240) * share)])
    with pytest.raises(_archive.BadArchive):
        _archive.read_manifest(archive)


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "files/../../evil"])
def test_a_member_that_points_outside_is_refused(tmp_path: Path, name: str) -> None:
    with tarfile.open(tmp_path / "evil.tar", "w") as tar:
        entry = tarfile.TarInfo(name)
        entry.size = 4
        tar.addfile(entry, io.BytesIO(b"evil"))
    with pytest.raises(_archive.BadArchive, match="unexpected member"):
        _archive.read_manifest(tmp_path / "evil.tar")


def test_a_link_is_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "evil.tar", "w") as tar:
        entry = tarfile.TarInfo("files/link")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(entry)
    with pytest.raises(_archive.BadArchive):
        _archive.read_manifest(tmp_path / "evil.tar")


@pytest.mark.parametrize("content", [b"", b"not a tar at all", b"\x00" * 20480])
def test_any_other_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(_archive.BadArchive):
        _archive.read_manifest(tmp_path / "other")


def test_a_failed_backup_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), _archive.written(tmp_path / "backup.tar"):
        raise RuntimeError("the disk is full")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def empty_database() -> Iterator[str]:
    """A second database on the test server, without a table."""
    cluster = Cluster(CLUSTER_HOME, is_durable=False)
    name = f"{connection.settings_dict['NAME']}_empty"
    cluster.drop_database(name)
    cluster.create_database(name)
    yield cluster.url(name)
    cluster.drop_database(name)


@pytest.fixture
def house(tmp_path: Path) -> Instance:
    """This test's own database as an instance, with one document and the keys."""
    folder = tmp_path / "house"
    (folder / "files" / "ab").mkdir(parents=True)
    (folder / "files" / "ab" / "paper").write_bytes(b"contract")
    (folder / "secrets").mkdir()
    from django.conf import settings

    from chezhe.kernel import crypto

    crypto.encrypt("make the keys", bound_to="test")
    (folder / "secrets" / "keys.json").write_bytes(Path(settings.KEYS_FILE).read_bytes())
    cluster = Cluster(CLUSTER_HOME, is_durable=False)
    return Instance("own", folder, "", "test", cluster.url(connection.settings_dict["NAME"]))


@pytest.mark.django_db(transaction=True)
def test_a_backup_put_back_has_the_same_rows_files_and_audit_head(house: Instance, empty_database: str, tmp_path: Path) -> None:
    for number in range(5):
        audit.record(by=SYSTEM, verb="probe.write", subject=f"probe:{number}")
    audit.seal()
    backup._write(house, tmp_path / "b.tar", has_keys=True)
    manifest = _archive.read_manifest(tmp_path / "b.tar")
    other = Instance("own", tmp_path / "other", "", "test", empty_database)
    found = restore._into_own(other, tmp_path / "b.tar", manifest)
    assert found["audit_checked"] == 5 and found["audit_fault"] is None
    assert found["debit_fen"] == found["credit_fen"]
    assert (tmp_path / "other/files/ab/paper").read_bytes() == b"contract"
    assert _books.counted(empty_database).differences(manifest["facts"]) == []


@pytest.mark.django_db(transaction=True)
def test_a_database_that_holds_something_is_never_overwritten(house: Instance, tmp_path: Path) -> None:
    backup._write(house, tmp_path / "b.tar", has_keys=True)
    with pytest.raises(_books.BackupFailed, match="not empty"):
        restore._into_own(house, tmp_path / "b.tar", _archive.read_manifest(tmp_path / "b.tar"))


@pytest.mark.django_db(transaction=True)
def test_a_backup_of_a_broken_audit_chain_is_refused(house: Instance, empty_database: str, tmp_path: Path) -> None:
    audit.record(by=SYSTEM, verb="probe.write", subject="probe:1")
    audit.seal()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kernel_auditentry DISABLE TRIGGER USER")
        cursor.execute("UPDATE kernel_auditentry SET verb = 'probe.forged'")
        cursor.execute("ALTER TABLE kernel_auditentry ENABLE TRIGGER USER")
    backup._write(house, tmp_path / "b.tar", has_keys=True)
    other = Instance("own", tmp_path / "other", "", "test", empty_database)
    with pytest.raises(_books.BackupFailed, match="audit chain is broken"):
        restore._into_own(other, tmp_path / "b.tar", _archive.read_manifest(tmp_path / "b.tar"))
    assert not (tmp_path / "other" / "files").exists()
    assert _books.is_empty(empty_database)


def test_a_backup_of_a_newer_version_is_refused() -> None:
    with pytest.raises(_books.BackupFailed, match="newer version"):
        restore._refuse_newer({"facts": {"migrations": ["kernel.0001_initial", "kernel.9999_future"]}})


def test_the_manifest_is_readable_by_people(archive: Path) -> None:
    with tarfile.open(archive) as tar:
        content = tar.extractfile("manifest.json")
        assert content is not None
        assert json.loads(content.read())["instance"] == "demo"
