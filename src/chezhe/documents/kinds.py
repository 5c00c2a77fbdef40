"""The kinds of file we keep, and the kinds we can name when we refuse them. Judged by content, never by what a client says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """`extensions` are the endings a file name may have; `content_type` is what we say when we serve it."""

    code: str
    name: str
    extensions: tuple[str, ...]
    content_type: str


JPEG = Kind("jpeg", "JPG", ("jpg", "jpeg", "jpe", "jfif"), "image/jpeg")
PNG = Kind("png", "PNG", ("png",), "image/png")
WEBP = Kind("webp", "WebP", ("webp",), "image/webp")
PDF = Kind("pdf", "PDF", ("pdf",), "application/pdf")
XLSX = Kind("xlsx", "XLSX", ("xlsx",), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
CSV = Kind("csv", "CSV", ("csv", "txt"), "text/csv; charset=utf-8")
XML = Kind("xml", "XML", ("xml",), "application/xml")

BY_CODE = {kind.code: kind for kind in (JPEG, PNG, WEBP, PDF, XLSX, CSV, XML)}
IMAGES = frozenset({JPEG.code, PNG.code, WEBP.code})
PAPERS = IMAGES | {PDF.code}
SHEETS = frozenset({XLSX.code, CSV.code})
STATEMENTS = SHEETS | {XML.code}
CHOICES = [(kind.code, kind.name) for kind in BY_CODE.values()]

# What people try to upload, by its first bytes: only named, never opened.
_FOREIGN = (
    (b"MZ", "EXE"), (b"\x7fELF", "ELF"), (b"#!", "Script"), (b"GIF8", "GIF"), (b"BM", "BMP"), (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"), (b"Rar!", "RAR"), (b"7z\xbc\xaf", "7z"), (b"\x1f\x8b", "GZIP"), (b"\xd0\xcf\x11\xe0", "DOC / XLS"),
    (b"{\\rtf", "RTF"), (b"%!PS", "PostScript"),
)
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")


def sniff(head: bytes) -> Kind | None:
    """The kind that the first bytes promise; None for everything we do not keep. CSV has no mark and is never sniffed."""
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith(b"%PDF-"):
        return PDF
    if head.removeprefix(b"\xef\xbb\xbf").startswith(b"<?xml") and not name_of_foreign(head):
        return XML
    return XLSX if head.startswith(b"PK\x03\x04") else None


def name_of_foreign(head: bytes) -> str:
    """A name for what was found instead, for the refusal; empty when we cannot tell."""
    if head[4:8] == b"ftyp":
        return "HEIC" if head[8:12] in _HEIF_BRANDS else "MP4"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<svg", b"<?xml")) and b"<svg" in text:
        return "SVG"
    if text.startswith((b"<!doctype", b"<html", b"<script", b"<body")):
        return "HTML"
    return next((name for mark, name in _FOREIGN if head.startswith(mark)), "")


def is_heif(head: bytes) -> bool:
    """A photo as iPhones store it unless told otherwise."""
    return head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS
