"""What the two doors say about a wrong value: the sentence beside its field on a page, the problem over the API."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.test import Client

from tests.bad_input.watch import nothing_written
from tests.journeys.house import Program

CHINESE = re.compile(r"[\u4e00-\u9fff]{4}")  # a sentence, not one character shown as an example
_TAG = re.compile(r"<[^>]+>")


def beside(answer: Any, field: str) -> str:
    """The words of the error that stands beside `field` (`""`: above the form)."""
    page = answer.content.decode()
    place = rf'id="id_{field}_error">(.*?)</div></div>' if field else r'class="error-summary".*?<ul>(.*?)</ul>'
    found = re.search(place, page, re.DOTALL) or re.search(rf'id="id_{field}_error"[^>]*>(.*?)</div>', page, re.DOTALL)
    return unescape(_TAG.sub("", found[1])).strip() if found else ""


def page_refuses(client: Client, path: str, form: dict[str, Any], field: str, chinese: str, english: str = "") -> None:
    """The page comes back with what was typed and a sentence beside the field, in the reader's language; nothing is written."""
    with nothing_written():
        answer = client.post(path, form)
    assert answer.status_code in (409, 413, 422), f"{path} {form.get(field)!r} → {answer.status_code} {answer.get('Location', '')}"
    said = beside(answer, field)
    assert chinese in said and CHINESE.search(said), f"{path} {field}={form.get(field)!r}: {said!r}, not {chinese!r}"
    if english:
        with nothing_written():
            again = client.post(path, form, headers={"Accept-Language": "en"})
        said = beside(again, field)
        assert english in said and not CHINESE.search(said), f"{path} {field}={form.get(field)!r}: {said!r}, not {english!r}"


def api_refuses(answer: Any, field: str, code: str, status: int = 422) -> dict[str, Any]:
    """Problem details with a stable code and the field; hands the problem back."""
    said: dict[str, Any] = answer.json()
    assert answer["Content-Type"].startswith("application/problem+json") and answer.status_code == status, f"{answer.status_code} {said}"
    rows = [said, *said.get("errors", [])]
    assert (field, code) in {(row.get("field", ""), row.get("code")) for row in rows}, f"not ({field}, {code}): {said}"
    assert CHINESE.search(said["detail"]), said["detail"]
    return said


def posting_refused(program: Program, path: str, body: Any, field: str, code: str, status: int = 422) -> dict[str, Any]:
    """The same, for a POST that leaves nothing behind."""
    with nothing_written():
        answer = program.post(path, body)
    return api_refuses(answer, field, code, status)
