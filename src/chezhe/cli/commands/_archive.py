"""The archive of a backup: one tar whose last member lists every other one with its size and SHA-256."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

FORMAT = 1
MANIFEST = "manifest.json"
BOOKS = "books.dump"
CHUNK = 1 << 20


class BadArchive(ValueError):
    """The file is no backup of ours, or not whole any more."""


class Writer:
    """Adds members and remembers their digests; `close` writes the manifest behind them."""

    def __init__(self, file: IO[bytes]) -> None:
        self.tar = tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)
        self.members: dict[str, dict[str, Any]] = {}

    def add(self, name: str, path: Path) -> None:
        """A regular file under `name`; one that vanished meanwhile was deleted after the snapshot and is left out."""
        try:
            source = open(path, "rb")
        except FileNotFoundError:
            return
        with source:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = os.fstat(source.fileno()).st_size, 0o600
            reading = _Hashing(source)
            self.tar.addfile(entry, reading)  # type: ignore[arg-type]
        self.members[name] = {"bytes": entry.size, "sha256": reading.digest.hexdigest()}

    def close(self, **about: Any) -> None:
        """`about` goes into the manifest beside the list of members."""
        text = json.dumps({"format": FORMAT, "members": self.members, **about}, ensure_ascii=False, indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(text), 0o600
        self.tar.addfile(entry, io.BytesIO(text))
        self.tar.close()


@contextmanager
def written(target: Path) -> Iterator[Writer]:
    """An archive that appears under its name only when it is complete and on disk; readable by its owner."""
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield Writer(file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def read_manifest(source: Path) -> dict[str, Any]:
    """The manifest, after every member was read once and agreed with it. Raises BadArchive naming the first that does not."""
    try:
        with tarfile.open(source, "r:") as tar:
            found, manifest = _scan(tar)
    except (tarfile.TarError, EOFError, OSError, UnicodeDecodeError) as broken:
        raise BadArchive(f"{source}: 不是完整的备份 not a whole backup ({broken})") from None
    if manifest is None:
        raise BadArchive(f"{source}: 没有清单，文件被截断 no manifest: the file was cut short")
    if manifest.get("format") != FORMAT:
        raise BadArchive(f"{source}: 不认识的格式 unknown format {manifest.get('format')}")
    expected = manifest["members"]
    for name in sorted(set(found) | set(expected)):
        if found.get(name) != expected.get(name):
            raise BadArchive(f"{source}: {name} 已损坏或缺失 is damaged or missing")
    if BOOKS not in expected:
        raise BadArchive(f"{source}: {BOOKS} 缺失 is missing")
    return dict(manifest)


def unpack(source: Path, target: Path) -> None:
    """Every member as a private regular file below `target`; `read_manifest` has looked at their names before."""
    with tarfile.open(source, "r:") as tar:
        for entry in tar:
            place = target / entry.name
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            content = tar.extractfile(entry)
            assert content is not None
            with open(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
                while chunk := content.read(CHUNK):
                    out.write(chunk)


def _scan(tar: tarfile.TarFile) -> tuple[dict[str, dict[str, Any]], dict[str, Any] | None]:
    found: dict[str, dict[str, Any]] = {}
    for entry in tar:
        path = PurePosixPath(entry.name)
        if not entry.isreg() or path.is_absolute() or ".." in path.parts or entry.name in found:
            raise tarfile.TarError(f"unexpected member {entry.name!r}")
        content = tar.extractfile(entry)
        assert content is not None
        if entry.name == MANIFEST:
            return found, _parse(content.read())
        digest = hashlib.sha256()
        while chunk := content.read(CHUNK):
            digest.update(chunk)
        found[entry.name] = {"bytes": entry.size, "sha256": digest.hexdigest()}
    return found, None


def _parse(text: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(text)
    except ValueError:
        raise tarfile.TarError("the manifest is damaged") from None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("members"), dict):
        raise tarfile.TarError("the manifest is damaged")
    return manifest


class _Hashing:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self.file.read(size)
        self.digest.update(chunk)
        return chunk
