"""`chezhe restore FILE`: put a backup back, beside what is there, and swap only when everything agrees."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from typing import Any

from psycopg import sql

from chezhe.cli.commands import _archive, _books, _house, _surroundings
from chezhe.cli.commands._surroundings import ROOT, Instance
from chezhe.kernel.postgres import Cluster, PostgresFailed, grants


def run(argv: list[str]) -> int:
    """0 when the restored books balance and the audit chain is whole; else 1 and nothing has changed."""
    parser = argparse.ArgumentParser(prog="run restore", description="恢复并核对 Put a backup back, verified.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--instance", default="", help="demo, empty, dev")
    wanted = parser.parse_args(argv)
    chosen = _surroundings.instance(wanted.instance)
    try:
        manifest = _archive.read_manifest(wanted.file)
        _refuse_newer(manifest)
        with _house.only_one(chosen), _surroundings.database_of(chosen) as cluster:
            found = _into_own(chosen, wanted.file, manifest) if cluster is None else _beside(chosen, cluster, wanted.file, manifest)
    except _house.AlreadyRunning as running:
        sys.stderr.write(f"请先停止正在运行的实例。Stop the running instance first (Ctrl-C): {running}\n")
        return 1
    except (_archive.BadArchive, _books.BackupFailed, PostgresFailed, OSError) as failure:
        sys.stderr.write(f"{failure}\n没有任何改动。Nothing was changed.\n")
        return 1
    _tell(manifest, found)
    return 0


def _refuse_newer(manifest: dict[str, Any]) -> None:
    unknown = _books.unknown_migrations(manifest["facts"]["migrations"], ROOT)
    if unknown:
        raise _books.BackupFailed(f"备份来自更新的版本。The backup was made by a newer version: {', '.join(unknown[:3])}")


def _beside(chosen: Instance, cluster: Cluster, source: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    """Into a database and a folder of their own; the old ones are kept as `…_before` until the next restore."""
    fresh_database, fresh = f"{chosen.database}_fresh", chosen.folder.with_name(f"{chosen.folder.name}.fresh")
    _forget(cluster, fresh_database, fresh)
    try:
        fresh.mkdir(parents=True, mode=0o700)
        _archive.unpack(source, fresh)
        cluster.create_database(fresh_database)
        staged = Instance(chosen.name, fresh, fresh_database, chosen.mode)
        found = _load_and_check(staged, cluster.url(fresh_database), fresh / _archive.BOOKS, manifest, staged.environment(cluster))
        with cluster.connect(fresh_database, "chezhe") as connection:
            grants.grant(connection)
    except BaseException:
        _forget(cluster, fresh_database, fresh)
        raise
    _swap(chosen, cluster, fresh_database, fresh)
    return found


def _into_own(chosen: Instance, source: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    """With DATABASE_URL: only into an empty database, so that a slip of the hand destroys nothing."""
    assert chosen.url is not None
    if not _books.is_empty(chosen.url):
        raise _books.BackupFailed("目标数据库不是空的。The database is not empty: create a new one and point DATABASE_URL at it")
    fresh = chosen.folder.with_name(f"{chosen.folder.name}.fresh")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True, mode=0o700)
    try:
        _archive.unpack(source, fresh)
        environment = chosen.environment(None)
        if manifest["has_keys"]:
            environment["CHEZHE_KEYS_FILE"] = str(fresh / "secrets" / "keys.json")
        found = _load_and_check(chosen, chosen.url, fresh / _archive.BOOKS, manifest, environment)
        _move_in(chosen, fresh)
    except BaseException:
        _books.clear(chosen.url)
        raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return found


def _load_and_check(
    staged: Instance, url: str, books: Path, manifest: dict[str, Any], environment: dict[str, str]
) -> dict[str, Any]:
    _books.load(url, books)
    differences = _books.counted(url).differences(manifest["facts"])
    if differences:
        raise _books.BackupFailed(f"恢复后的行数与备份不同。The restored rows differ: {'; '.join(differences[:5])}")
    found = _books.verify(environment)
    if found["audit_fault"]:
        raise _books.BackupFailed(f"审计链不完整。The audit chain is broken: {found['audit_fault']}")
    if found["debit_fen"] != found["credit_fen"]:
        raise _books.BackupFailed("试算不平衡。The trial balance does not balance.")
    return found


def _swap(chosen: Instance, cluster: Cluster, fresh_database: str, fresh: Path) -> None:
    before = f"{chosen.database}_before"
    cluster.drop_database(before)
    with cluster.connect("postgres") as connection:
        for old, new in ((chosen.database, before), (fresh_database, chosen.database)):
            connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new)))
    _move_in(chosen, fresh)
    for stamp in ("migrated.stamp", "seeding.stamp"):
        (chosen.folder / stamp).unlink(missing_ok=True)
    for stamp in ("seeded.stamp", "admin.stamp"):
        (chosen.folder / stamp).write_text("restored")
    shutil.rmtree(fresh, ignore_errors=True)


def _move_in(chosen: Instance, fresh: Path) -> None:
    chosen.folder.mkdir(parents=True, exist_ok=True)
    for name in ("files", "secrets"):
        if not (fresh / name).exists():
            continue
        kept = chosen.folder / f"{name}.before"
        shutil.rmtree(kept, ignore_errors=True)
        if (chosen.folder / name).exists():
            (chosen.folder / name).rename(kept)
        (fresh / name).rename(chosen.folder / name)


def _forget(cluster: Cluster, database: str, folder: Path) -> None:
    cluster.drop_database(database)
    shutil.rmtree(folder, ignore_errors=True)


def _tell(manifest: dict[str, Any], found: dict[str, Any]) -> None:
    members = len(manifest["members"]) - 1
    print(f"✓ 备份时间 made at {manifest['made_at']}；{sum(manifest['facts']['rows'].values())} 行 rows，{members} 个文件 files")
    print(f"✓ 试算平衡 trial balance {found['debit_fen'] / 100:,.2f} = {found['credit_fen'] / 100:,.2f}")
    print(f"✓ 审计链完整 audit chain whole: {found['audit_checked']} (+{found['audit_unsealed']} 未封 unsealed)")
    if not manifest["has_keys"]:
        print("! 备份不含密钥 the backup has no keys: CHEZHE_KEYS_FILE must be the one of its day")
