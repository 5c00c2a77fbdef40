"""Files of the wrong kind, files that are two things, files that unpack to more than a machine holds, and 200 MB."""

from __future__ import annotations

import functools
import io
import resource
import struct
import zlib
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

from chezhe.customers.models import Customer
from chezhe.documents.models import StoredFile
from chezhe.documents.tests import corpus
from tests.bad_input.doors import CHINESE, api_refuses, beside, page_refuses
from tests.bad_input.watch import half_files, nothing_written
from tests.journeys.house import API, Team, fresh_key, scan
from tests.journeys.walk import said
from tests.security.fuzz import OneConnection

pytestmark = pytest.mark.django_db
MEGABYTE = 1024 * 1024


def resized(data: bytes, mark: bytes, offset: int, form: str) -> bytes:
    """A picture whose header says 30,000 by 30,000."""
    at = data.index(mark) + offset
    size = struct.pack(form, 30_000, 30_000)
    return data[:at] + size + data[at + len(size) :]


@functools.cache
def packed(first: bytes, rest: bytes) -> bytes:
    """300 MB deflated piece by piece: making it must not need the memory that unpacking it must not get."""
    squeeze = zlib.compressobj(1)
    return b"".join([squeeze.compress(first), *(squeeze.compress(rest * MEGABYTE) for _ in range(300)), squeeze.flush()])


def text_bomb() -> bytes:
    """A PNG of 300 KB with a comment of 300 MB."""
    whole = corpus.image("PNG")
    return whole[:33] + corpus._chunk(b"zTXt", b"Comment\0\0" + packed(b"", b"\0")) + whole[33:]


def object_bomb() -> bytes:
    """A PDF whose packed objects unpack to 300 MB."""
    stream = packed(b"5 0 ", b" ")
    honest = corpus.pdf_hiding_javascript_in_an_object_stream()
    start = honest.index(b"4 0 obj")
    return honest[:start] + b"4 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(stream) + stream + b"\nendstream endobj\n%%EOF"


JPEG = corpus.image("JPEG")
# name, content, code, and a piece of the sentence
WRONG: list[tuple[str, Callable[[], bytes], str, str]] = [
    ("id.jpg", lambda: b"MZ" + b"\0" * 200, "file_kind_foreign", "内容是 EXE"), ("id.pdf", lambda: b"<!doctype html><html></html>", "file_kind_foreign", "HTML"),
    ("id.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "file_kind_foreign", "SVG"),
    ("id.png", lambda: b"<?xml version='1.0'?><svg/>", "file_kind_foreign", "SVG"), ("id.gif", lambda: corpus.image("GIF"), "file_kind_foreign", "GIF"),
    ("id.pdf", lambda: JPEG, "file_extension_mismatch", "内容却是 JPG"), ("id.exe", lambda: JPEG, "file_extension_mismatch", ".exe"),
    ("id.jpg", lambda: b"", "file_empty", "0 字节"), ("id.jpg", lambda: JPEG[:200], "file_damaged", "已损坏"),
    ("id.png", lambda: corpus.image("PNG")[:60], "file_damaged", "已损坏"), ("id.pdf", lambda: corpus.pdf()[:60], "file_damaged", "已损坏"),
    ("id.jpg", lambda: JPEG + corpus.archive({"a": b"b"}), "file_disguised", "夹带"), ("id.jpg", lambda: JPEG + corpus.SCRIPT, "file_disguised", "夹带"),
    ("id.pdf", corpus.pdf_with_javascript, "pdf_active", "脚本"), ("id.zip", lambda: corpus.archive({"a": b"b"}), "file_kind_foreign", "ZIP"),
    ("id.png", lambda: corpus.png_claiming(8_000, 8_000), "image_too_many_pixels", "百万像素"),
    ("id.png", lambda: corpus.png_claiming(30_000, 30_000), "image_too_many_pixels", "百万像素"),
    ("id.jpg", lambda: resized(JPEG, b"\xff\xc0", 5, ">HH"), "image_too_many_pixels", "百万像素"),
    ("id.png", text_bomb, "file_damaged", "已损坏"), ("id.pdf", object_bomb, "file_damaged", "已损坏"),
]


def test_a_file_of_the_wrong_kind_is_refused_beside_its_field(team: Team, wang: Customer) -> None:
    """Judged by content, whatever it is called, at the expense of little memory, and nothing of it stays."""
    lin, program = team.browser("lin"), team.program("lin")
    page = f"/documents/panel/?subject={wang.subject}"
    for name, make, code, chinese in WRONG:
        data = make()
        grown = _peak()
        with nothing_written():
            problem = api_refuses(program.send("documents", subject=wang.subject, category="id_front", file=_file(name, data)), "file", code)
        assert chinese in problem["detail"]
        with nothing_written():
            answer = lin.post(page, {"category": "id_front", "file": _file(name, data)})
        assert answer.status_code == 422 and chinese in answer.content.decode(), (name, code)
        assert _peak() - grown < 160, f"{code}: {_peak() - grown} MB"
    assert not StoredFile.objects.exists()
    english = lin.post(page, {"category": "id_front", "file": _file("id.jpg", b"MZ\0\0")}, headers={"Accept-Language": "en"}).content.decode()
    assert "is EXE" in english or "EXE" in english


def _file(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@pytest.mark.parametrize(
    ("name", "make", "code"),
    [("b.csv", lambda: b"MZ\0\0", "file_kind_foreign"), ("b.xlsx", lambda: JPEG, "file_kind_foreign"), ("b.csv", lambda: b"\xff\xfe\x00a", "csv_unreadable"),
     ("b.xlsx", corpus.bomb, "sheet_bloated"), ("b.xlsx", lambda: corpus.workbook_with({"xl/vbaProject.bin": b"x"}), "sheet_unsafe"),
     ("b.csv", lambda: b"a,b\n1,2\n", "columns_missing"), ("b.csv", lambda: b"", "file_empty"), ("b.xlsx", lambda: corpus.workbook()[:300], "file_damaged"),
     ("b.csv", lambda: "交易日期,金额,流水号\n".encode(), "bank_file_empty")],
)
def test_a_statement_of_the_wrong_kind_is_refused(team: Team, name: str, make: Callable[[], bytes], code: str) -> None:
    cai, page = team.program("cai"), team.browser("cai")
    said(cai.step_up())
    with nothing_written():
        problem = cai.send("payments/bank-files", file=_file(name, make())).json()
        assert (problem["code"], problem["status"]) == (code, 422) and CHINESE.search(problem["detail"])
        answer = page.post("/payments/files/import/", {"file": _file(name, make())})
    if code != "bank_file_empty":  # the page shows what it found first: nothing
        assert answer.status_code == 422 and CHINESE.search(beside(answer, "file")), code


class Flood(io.RawIOBase):
    """A multipart body of any size, made while it is read."""

    HEAD = b'--X\r\nContent-Disposition: form-data; name="file"; filename="big.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7\n'
    TAIL = b"\r\n--X--\r\n"

    def __init__(self, size: int) -> None:
        self.size, self.served = size, 0

    def __len__(self) -> int:
        return len(self.HEAD) + self.size + len(self.TAIL)

    def read(self, size: int = -1) -> bytes:
        left = len(self) - self.served
        wanted = left if size < 0 else min(size, left)
        start, self.served = self.served, self.served + wanted
        head, tail = self.HEAD[start : start + wanted], self.TAIL[max(0, start - len(self.HEAD) - self.size) :]
        body = wanted - len(head)
        overlap = max(0, self.served - len(self.HEAD) - self.size)
        return head + b"x" * (body - overlap) + tail[:overlap]


def sent(flood: Flood, path: str, headers: dict[str, str]) -> tuple[int, str]:
    """The flood through the WSGI application, as a server hands it over."""
    environ = Client()._base_environ(  # type: ignore[attr-defined]
        REQUEST_METHOD="POST", PATH_INFO=path, CONTENT_TYPE="multipart/form-data; boundary=X", CONTENT_LENGTH=str(len(flood)), **headers
    )
    environ["wsgi.input"] = flood
    status: list[str] = []
    with OneConnection():
        answer = WSGIHandler()(environ, lambda said, _headers: status.append(said))
        text = b"".join(answer).decode()
        answer.close()
    return int(status[0][:3]), text


@pytest.mark.parametrize(("path", "language", "sentence"), [
    (f"{API}documents", "zh-hans", "文件超过 20 MB，请压缩或拆分后再上传。"), (f"{API}payments/bank-files", "en", "larger than 20 MB"),
    ("/documents/panel/", "zh-hans", "文件超过 20 MB，请压缩或拆分后再上传。"), ("/payments/files/import/", "en", "larger than 20 MB"),
])
def test_200_megabytes_are_refused_before_they_are_read(team: Team, path: str, language: str, sentence: str) -> None:
    flood, peak = Flood(200 * MEGABYTE), _peak()
    headers = {"HTTP_AUTHORIZATION": f"Bearer {team.program('lin').token}", "HTTP_IDEMPOTENCY_KEY": fresh_key(), "HTTP_ACCEPT_LANGUAGE": language}
    with nothing_written():
        status, text = sent(flood, path, headers)
    assert status == 413 and sentence in text and (not path.startswith("/api/") or '"file_too_large"' in text)
    assert flood.served == 0 and _peak() - peak < 30


def test_a_file_a_little_too_large_is_read_and_refused_and_cleared_away(team: Team, wang: Customer) -> None:
    """21 MB with its form: the upload handler writes it to disk, the limit stops it, and neither disk nor memory keeps it."""
    program, lin = team.program("lin"), team.browser("lin")
    data = b"%PDF-1.7\n" + b"x" * (20 * MEGABYTE)
    with nothing_written():
        answer = program.send("documents", subject=wang.subject, category="id_front", file=_file("big.pdf", data))
        assert api_refuses(answer, "file", "file_too_large", 413)["facts"] == {"limit": "20"}
    page_refuses(lin, f"/documents/panel/?subject={wang.subject}", {"category": "id_front", "file": _file("big.pdf", data)}, "", "20 MB")
    assert not half_files()


def test_too_many_files_and_fields_are_a_sentence_and_no_crash(team: Team, wang: Customer) -> None:
    program, lin = team.program("lin"), team.browser("lin")
    many = {f"file{place}": _file("a.png", b"x") for place in range(150)}
    fields = {f"name{place}": "x" for place in range(1500)}
    for form in (many, fields):
        with nothing_written():
            answers = (program.send("documents", **form), lin.post("/documents/panel/", form))
        assert [answer.status_code for answer in answers] == [400, 400]
        assert all(CHINESE.search(answer.content.decode()) for answer in answers)
    long = {"name": "王" * (6 * MEGABYTE // 3)}
    with nothing_written():
        answers = (lin.post("/customers/new/person/", long), lin.post("/customers/new/person/", urlencode(long), content_type="application/x-www-form-urlencoded"))
    assert all(answer.status_code == 413 and "请求内容超过 5 MB" in answer.content.decode() for answer in answers)


def test_the_name_a_file_comes_with_is_shown_and_nothing_else(team: Team, wang: Customer, settings: Any) -> None:
    """No path, no mark that turns letters round: on disk it has a name of ours, and it leaves with a name of ours."""
    lin, program = team.browser("lin"), team.program("lin")
    for name in ("../../../etc/cron.d/x.png", "..\\..\\windows\\x.png", "a\u202egnp.png", 'x";filename="evil.exe.png', "<img src=x onerror=alert(1)>.png",
                 "=HYPERLINK(1).png", "con.png"):
        given = scan()
        given.name = name
        kept = said(program.send("documents", subject=wang.subject, category="id_front", file=given), 201)
        answer = program.get(f"documents/{kept['id']}/content")
        assert answer["Content-Disposition"].startswith('attachment; filename="') and answer["Content-Disposition"].count('"') == 2
        assert not {"\r", "\n", "\u202e", "/", "\\"} & set(answer["Content-Disposition"]) and "Set-Cookie" not in answer.headers
    shown = lin.get(f"/documents/panel/?subject={wang.subject}").content.decode()
    assert "<img src=x" not in shown and "\u202e" not in shown and "etc/cron" not in shown
    kept_in = {path.relative_to(settings.MEDIA_ROOT).as_posix() for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()}
    assert all(part.isalnum() for path in kept_in for part in path.split("/")) and len(kept_in) == 7


@pytest.mark.parametrize("wrong", ["../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "....//etc/passwd", "\\..\\x", "x%00.png"])
def test_no_address_reaches_beyond_what_is_kept(team: Team, wrong: str) -> None:
    lin, program = team.browser("lin"), team.program("lin")
    for answer in (lin.get(f"/documents/{wrong}/"), lin.get(f"/static/{wrong}"), lin.get(f"/help/{wrong}/"), program.get(f"documents/{wrong}/content"),
                   lin.get(f"/contracts/K26-000001-1/papers/{wrong}/")):
        assert answer.status_code in (400, 403, 404) and b"root:" not in answer.content
