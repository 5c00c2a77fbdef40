"""PDF: opened page by page and object by object; anything that could act when somebody opens it is refused."""

from __future__ import annotations

import io
import logging

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from chezhe.documents import errors
from chezhe.documents.inspection import polyglots

PAGES_MAX = 500
OBJECTS_MAX = 60_000
_ACTIVE_KEYS = frozenset({
    "/JS", "/JavaScript", "/AA", "/EmbeddedFiles", "/EmbeddedFile", "/EF", "/XFA", "/RichMediaContent", "/RichMediaSettings",
})
_ACTIVE_ACTIONS = frozenset({
    "/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition", "/RichMediaExecute", "/Movie", "/Sound",
})
_ACTIVE_TYPES = frozenset({"/EmbeddedFile", "/Filespec"})
_ACTIVE_ANNOTATIONS = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})
_READING_FAILS = (
    PyPdfError, OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, AssertionError, RecursionError,
    OverflowError, NotImplementedError,
)
logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it would log what the file contains


def page_count(data: bytes) -> int:
    """The number of pages of a harmless PDF. Raises PdfEncrypted, PdfActive, PdfTooLong, FileDisguised, FileDamaged (422)."""
    if polyglots.hides_something(data, may_hold_pdf=True):
        raise errors.FileDisguised()
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted:
            raise errors.PdfEncrypted()
        pages = len(reader.pages)
        if not pages:
            raise errors.FileDamaged(found="PDF")
        numbers = _object_numbers(reader)
        if pages > PAGES_MAX or len(numbers) > OBJECTS_MAX:
            raise errors.PdfTooLong(limit=PAGES_MAX)
        _require_harmless(reader, numbers)
        return pages
    except _READING_FAILS:
        raise errors.FileDamaged(found="PDF") from None


def pages_of(own: bytes) -> int:
    """The number of pages of a PDF that we printed ourselves."""
    return len(PdfReader(io.BytesIO(own)).pages)


def _object_numbers(reader: PdfReader) -> list[tuple[int, int]]:
    """(number, generation) of every object the cross-reference tables name, also those inside object streams."""
    plain = [(number, generation) for generation, table in reader.xref.items() for number in table]
    packed = [(number, 0) for number in reader.xref_objStm]
    return list(dict.fromkeys(plain + packed))


def _require_harmless(reader: PdfReader, numbers: list[tuple[int, int]]) -> None:
    _require_harmless_value(reader.trailer)
    for number, generation in numbers:
        if number:
            _require_harmless_value(reader.get_object(IndirectObject(number, generation, reader)))


def _require_harmless_value(value: object, depth: int = 0) -> None:
    """Direct values inside one object; references are visited as objects of their own."""
    if depth > 40:
        raise errors.PdfTooLong(limit=PAGES_MAX)
    if isinstance(value, DictionaryObject):
        _require_harmless_keys(value)
        for child in value.values():
            _require_harmless_value(child, depth + 1)
    elif isinstance(value, ArrayObject):
        for child in value:
            _require_harmless_value(child, depth + 1)


def _require_harmless_keys(entry: DictionaryObject) -> None:
    is_action = entry.get("/S") in _ACTIVE_ACTIONS
    is_file = entry.get("/Type") in _ACTIVE_TYPES
    is_annotation = entry.get("/Subtype") in _ACTIVE_ANNOTATIONS
    if is_action or is_file or is_annotation or not _ACTIVE_KEYS.isdisjoint(entry):
        raise errors.PdfActive()
