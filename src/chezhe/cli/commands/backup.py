"""`chezhe backup FILE`: books and files of one moment, in one archive, while everything keeps running."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from chezhe.cli.commands import _archive, _books, _surroundings
from chezhe.cli.commands._surroundings import Instance
from chezhe.kernel.postgres import PostgresFailed


def run(argv: list[str]) -> int:
    """0 when the archive is written and was read back whole; else 1 and no file."""
    parser = argparse.ArgumentParser(prog="run backup", description="备份账与文件 Books and files into one archive.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--instance", default="", help="demo, empty, dev")
    parser.add_argument("--with-keys", action="store_true", help="连同密钥（生产环境默认不含） with the keys; production leaves them out")
    wanted = parser.parse_args(argv)
    target = wanted.file.absolute()
    chosen = _surroundings.instance(wanted.instance)
    if not target.parent.is_dir():
        sys.stderr.write(f"没有这个目录 no such folder: {target.parent}\n")
        return 1
    try:
        _write(chosen, target, has_keys=wanted.with_keys or chosen.mode != "production")
        _archive.read_manifest(target)
    except (_books.BackupFailed, _archive.BadArchive, PostgresFailed, OSError) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    print(f"✓ {target}  {target.stat().st_size / 1e6:.1f} MB")
    return 0


def _write(chosen: Instance, target: Path, *, has_keys: bool) -> None:
    """The files are copied after the snapshot: they are written once, so every file the books know is there."""
    with _surroundings.database_of(chosen) as cluster, tempfile.TemporaryDirectory(prefix="chezhe-backup-") as folder:
        url = chosen.url or cluster.url(chosen.database)  # type: ignore[union-attr]
        books = Path(folder) / _archive.BOOKS
        with _books.snapshot(url) as (connection, name):
            facts = _books.facts(connection)
            if not facts.migrations:
                raise _books.BackupFailed(f"{chosen.name} 还没有数据。Nothing to back up yet: type  ./run demo")
            _books.dump(url, name, books)
        with _archive.written(target) as archive:
            archive.add(_archive.BOOKS, books)
            for path in _kept_files(chosen, has_keys=has_keys):
                archive.add(str(path.relative_to(chosen.folder)), path)
            archive.close(
                made_at=time.strftime("%Y-%m-%dT%H:%M:%S%z"), version=_version(), instance=chosen.name, has_keys=has_keys,
                facts=facts.as_json(),
            )


def _kept_files(chosen: Instance, *, has_keys: bool) -> list[Path]:
    """Documents, and the keys without which they and the personal fields are noise."""
    folders = ["files", *(["secrets"] if has_keys else [])]
    return sorted(path for name in folders for path in (chosen.folder / name).rglob("*") if path.is_file() and not path.is_symlink())


def _version() -> str:
    try:
        return version("chezhe")
    except PackageNotFoundError:
        return ""
