"""XLSX and CSV for imports: an archive is judged by its directory before a byte of it is unpacked."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from python_calamine import CalamineError, load_workbook

from chezhe.documents import errors
from chezhe.documents.inspection import polyglots

MEMBERS_MAX = 500
UNPACKED_MAX = 120 * 1024 * 1024
RATIO_MAX = 200
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_FORBIDDEN = ("vbaproject", "activex", "embeddings/", "externallinks/", "customui", "oleobject", "macrosheets/")
_ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".xlsx", ".docx", ".jar", ".exe", ".dll", ".bat", ".js", ".html", ".svg")


def require_plain_workbook(data: bytes) -> None:
    """Raises SheetUnsafe, SheetBloated or FileDamaged (422) unless this is a plain workbook that opens."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _require_modest(members, len(data))
            _require_plain_names([member.filename for member in members])
            _require_no_doctype(archive, members)
        if not load_workbook(io.BytesIO(data)).sheet_names:
            raise errors.FileDamaged(found="XLSX")
    except (zipfile.BadZipFile, zlib.error, CalamineError, OSError, ValueError, KeyError, EOFError, NotImplementedError, RuntimeError):
        raise errors.FileDamaged(found="XLSX") from None


def _require_modest(members: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(member.file_size for member in members)
    if len(members) > MEMBERS_MAX or unpacked > UNPACKED_MAX or unpacked > packed * RATIO_MAX:
        raise errors.SheetBloated()


def _require_plain_names(names: list[str]) -> None:
    lowered = [name.lower() for name in names]
    if "[content_types].xml" not in lowered or "xl/workbook.xml" not in lowered:
        raise errors.FileDamaged(found="XLSX")
    for name in lowered:
        escapes = name.startswith(("/", "\\")) or ".." in name.split("/") or "\\" in name or ":" in name or "\x00" in name
        if escapes or any(word in name for word in _FORBIDDEN) or name.endswith(_ARCHIVES):
            raise errors.SheetUnsafe()


def _require_no_doctype(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """A DOCTYPE can define entities (XXE, billion laughs); no office program writes one."""
    for member in members:
        if member.external_attr >> 28 == 0xA:  # a symbolic link
            raise errors.SheetUnsafe()
        if member.filename.lower().endswith((".xml", ".rels")):
            with archive.open(member) as part:
                if b"<!doctype" in part.read(2048).lower():
                    raise errors.SheetUnsafe()


def require_text(data: bytes) -> None:
    """Raises CsvUnreadable or FileDisguised (422) unless the bytes are UTF-8 or GB18030 lines."""
    if polyglots.hides_something(data):
        raise errors.FileDisguised()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return
    raise errors.CsvUnreadable()
