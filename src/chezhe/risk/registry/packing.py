"""An artefact as one file: a zip that is read in memory, with bounds, and never unpacked onto a disk. Pure."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final

from chezhe.scorecards.artefact import FILE_NAME, MANIFEST

PACKED_MAX: Final = 20_000_000
UNPACKED_MAX: Final = 100_000_000
FILES_MAX: Final = 60
ENTRIES_MAX: Final = 1000
CHUNK: Final = 1 << 20
# The bits of a zip entry's outer attributes that say what a Unix file is, and the value of a symbolic link.
_KIND, _LINK = 0o170000, 0o120000
_EPOCH = (1980, 1, 1, 0, 0, 0)
# What a Macintosh puts beside the files.
_CLUTTER = ("__MACOSX/", ".DS_Store")


class NotAPackage(ValueError):
    """A zip that is not read: `why` is a code of `labels.PACKAGE_FAULTS`, `name` the entry it is about."""

    def __init__(self, why: str, name: str = "") -> None:
        super().__init__(why)
        self.why, self.name = why, name[:80]


def pack(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip; the same files are the same bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(files):
            packed.writestr(zipfile.ZipInfo(name, _EPOCH), files[name], zipfile.ZIP_DEFLATED)
    return held.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """The files of a zip by name; one folder around them is taken off.

    Raises NotAPackage for what is no zip, is cut off, is encrypted, reaches outside its folder, or holds too much: what is inside is
    counted while it is read, whatever the zip says of its size.
    """
    if len(data) > PACKED_MAX:
        raise NotAPackage("too_big")
    # Looked at before the directory is read: hundreds of thousands of empty files would fill the memory.
    if data.count(b"PK\x01\x02") > ENTRIES_MAX:
        raise NotAPackage("too_many")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = [entry for entry in packed.infolist() if not entry.is_dir() and not _is_clutter(entry.filename)]
            if len(entries) > FILES_MAX:
                raise NotAPackage("too_many")
            names = _names(entries)
            return _read_all(packed, entries, names)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, UnicodeDecodeError):
        raise NotAPackage("unreadable") from None


def _is_clutter(name: str) -> bool:
    return name.startswith(_CLUTTER[0]) or name.rpartition("/")[2] == _CLUTTER[1]


def _names(entries: list[zipfile.ZipInfo]) -> list[str]:
    """What the files are called inside their folder."""
    folders = {entry.filename.rpartition("/")[0] for entry in entries}
    folder = folders.pop() if len(folders) == 1 else ""
    prefix = f"{folder}/" if folder else ""
    if folder in ("..", ".") or folder.startswith("/") or "\\" in folder or ":" in folder or "/" in folder:
        raise NotAPackage("path", folder)
    names = [entry.filename.removeprefix(prefix) for entry in entries]
    for entry, name in zip(entries, names, strict=True):
        if not FILE_NAME.fullmatch(name) or (entry.external_attr >> 16) & _KIND == _LINK:
            raise NotAPackage("path", entry.filename)
        if entry.flag_bits & 0x1:
            raise NotAPackage("encrypted", name)
    if len(set(names)) != len(names):
        raise NotAPackage("name_twice")
    if MANIFEST not in names:
        raise NotAPackage("no_manifest", MANIFEST)
    return names


def _read_all(packed: zipfile.ZipFile, entries: list[zipfile.ZipInfo], names: list[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    left = UNPACKED_MAX
    for entry, name in zip(entries, names, strict=True):
        held = io.BytesIO()
        with packed.open(entry) as opened:
            while chunk := opened.read(CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise NotAPackage("too_big", name)
                held.write(chunk)
        found[name] = held.getvalue()
    return found
