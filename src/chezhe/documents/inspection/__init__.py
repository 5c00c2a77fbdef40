"""Judging a file by its content: what it is, whether it is whole, and whether something hides in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chezhe.documents import errors, kinds
from chezhe.documents.inspection import images, pdf, sheets, xml
from chezhe.documents.kinds import Kind

_HEAD = 1024


@dataclass(frozen=True, slots=True)
class Inspected:
    """What may be kept: for images the re-encoded bytes, for others the given ones. `pages` counts PDF pages."""

    kind: Kind
    data: bytes
    width: int = 0
    height: int = 0
    pages: int = 0


def inspect(data: bytes, name: str, allowed: frozenset[str]) -> Inspected:
    """The file fit to keep. `name` is the client's name, of which only the ending counts; `allowed` are Kind codes.

    Raises a FileRefused (413, 422) that says what is wrong and what to do.
    """
    if not data:
        raise errors.FileEmpty()
    kind = _kind(data, name, allowed)
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if extension not in kind.extensions:
        raise errors.FileNameMismatch(extension=extension[:12], found=kind.name)
    return _INSPECTORS[kind.code](kind, data)


def _kind(data: bytes, name: str, allowed: frozenset[str]) -> Kind:
    head = data[:_HEAD]
    kind = kinds.sniff(head)
    if kind is None and kinds.CSV.code in allowed and name.lower().endswith((".csv", ".txt")) and not kinds.name_of_foreign(head):
        kind = kinds.CSV
    if kind is not None and kind.code in allowed:
        return kind
    names = " / ".join(k.name for k in kinds.BY_CODE.values() if k.code in allowed)
    if kinds.is_heif(head):
        raise errors.PhotoIsHeif()
    found = ("ZIP/Office" if kind is kinds.XLSX else kind.name) if kind else kinds.name_of_foreign(head)
    raise errors.FileKindForeign(allowed=names, found=found) if found else errors.FileKindUnknown(allowed=names)


def _image(kind: Kind, data: bytes) -> Inspected:
    clean, width, height = images.re_encoded(kind, data)
    return Inspected(kind, clean, width, height)


def _pdf(kind: Kind, data: bytes) -> Inspected:
    return Inspected(kind, data, pages=pdf.page_count(data))


def _xlsx(kind: Kind, data: bytes) -> Inspected:
    sheets.require_plain_workbook(data)
    return Inspected(kind, data)


def _csv(kind: Kind, data: bytes) -> Inspected:
    sheets.require_text(data)
    return Inspected(kind, data)


def _xml(kind: Kind, data: bytes) -> Inspected:
    xml.require_plain(data)
    return Inspected(kind, data)


_INSPECTORS: dict[str, Callable[[Kind, bytes], Inspected]] = {
    **dict.fromkeys(kinds.IMAGES, _image), kinds.PDF.code: _pdf, kinds.XLSX.code: _xlsx, kinds.CSV.code: _csv,
    kinds.XML.code: _xml,
}
