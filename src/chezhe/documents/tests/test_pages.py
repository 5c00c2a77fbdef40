from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from chezhe.documents import steps
from chezhe.documents.models import StoredFile
from chezhe.documents.tests import corpus
from chezhe.documents.tests.conftest import EAST_CASE
from chezhe.documents.tests.people import Cast
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.models import AuditEntry
from chezhe.kernel.testing import WU

PANEL = f"/documents/panel/?subject={EAST_CASE}&required=id_front,other"


def text(response: Any) -> str:
    return response.content.decode()


def photo(name: str = "张三.jpg", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, corpus.image() if data is None else data)


def upload(client: Any, category: str = "other", file: Any = None, **more: str) -> Any:
    return client.post(PANEL, {"category": category, "file": file or photo(), **more})


def test_the_panel_keeps_a_file_and_its_chips_shrink(cast: Cast, browser: Any) -> None:
    client = browser.acts_as(cast.lin)
    assert "还缺 2 项必备资料" in text(client.get(PANEL))
    page = upload(client)
    assert page.status_code == 200 and "还缺 1 项必备资料" in text(page) and "张三.jpg" in text(page)


@pytest.mark.parametrize(("name", "data", "sentence"), [
    ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "这个文件的内容是 SVG"),
    ("a.jpg", b"", "文件是空的（0 字节）"), ("a.pdf", corpus.pdf_with_javascript(), "PDF 含有脚本"),
    ("a.png", corpus.image(), "以“.png”结尾，内容却是 JPG"),
])
def test_a_refused_file_says_why_beside_itself(cast: Cast, browser: Any, name: str, data: bytes, sentence: str) -> None:
    page = upload(browser.acts_as(cast.lin), file=photo(name, data))
    assert page.status_code == 422 and sentence in text(page) and not StoredFile.objects.exists()


def test_no_file_at_all_and_a_made_up_category_are_told(cast: Cast, browser: Any) -> None:
    client = browser.acts_as(cast.lin)
    assert "请选择要上传的文件" in text(client.post(PANEL, {"category": "other"}))
    assert client.post(PANEL, {"category": "love_letter", "file": photo()}).status_code == 422


def test_a_request_of_200_megabytes_is_refused_before_it_is_read(cast: Cast, browser: Any) -> None:
    client = browser.acts_as(cast.lin)
    for path in (PANEL, "/api/v1/documents"):
        answer = client.generic("POST", path, b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(200 * 1024**2))
        assert answer.status_code == 413 and "20 MB" in text(answer)


def test_a_picture_is_shown_and_everything_else_only_handed_out(cast: Cast, browser: Any) -> None:
    client = browser.acts_as(cast.lin)
    picture = steps.store(photo(), subject=EAST_CASE, category="other", branch_id=cast.east.id, by=cast.lin)
    paper = steps.store(photo("a.pdf", corpus.pdf()), subject=EAST_CASE, category="other", branch_id=cast.east.id, by=cast.lin)
    shown = client.get(f"/documents/{picture.key}/image/")
    assert shown["Content-Disposition"].startswith("inline") and Image.open(io.BytesIO(shown.content)).format == "JPEG"
    assert client.get(f"/documents/{paper.key}/image/").status_code == 422
    for key in (picture.key, paper.key):
        handed = client.get(f"/documents/{key}/")
        assert handed["Content-Disposition"].startswith("attachment") and "张三" not in handed["Content-Disposition"]
        assert handed["X-Content-Type-Options"] == "nosniff" and "sandbox" in handed["Content-Security-Policy"]
        assert "no-store" in handed["Cache-Control"]
    assert AuditEntry.objects.filter(verb="documents.open_document", outcome="done").count() == 3


def test_nobody_reaches_a_file_of_another_branch(cast: Cast, browser: Any) -> None:
    kept = steps.store(photo(), subject=EAST_CASE, category="other", branch_id=cast.east.id, by=cast.lin)
    client = browser.acts_as(cast.mei)
    for path in (f"/documents/{kept.key}/", f"/documents/{kept.key}/image/", f"/documents/{kept.key}/preview/",
                 f"/documents/{kept.key}/removal/", PANEL):
        assert client.get(path).status_code == 404
    assert upload(client).status_code == 404
    assert client.post(f"/documents/{kept.key}/remove/", {"reason": "好奇"}).status_code == 422
    assert browser.acts_as(WU).get(f"/documents/{kept.key}/").status_code == 403
    kept.refresh_from_db()
    assert kept.removed_at is None


def test_a_wrong_file_is_taken_away_with_a_reason(cast: Cast, browser: Any) -> None:
    kept = steps.store(photo(), subject=EAST_CASE, category="other", branch_id=cast.east.id, by=cast.lin)
    client = browser.acts_as(cast.lin)
    assert "删除原因" in text(client.get(f"/documents/{kept.key}/removal/"))
    assert client.post(f"/documents/{kept.key}/remove/", {"reason": ""}).status_code == 422
    gone = client.post(f"/documents/{kept.key}/remove/", {"reason": "传错了"})
    assert (gone.status_code, gone["HX-Trigger"]) == (204, "documents-changed")
    assert "张三.jpg" not in text(client.get(PANEL)) and client.get(f"/documents/{kept.key}/").status_code == 404


def test_a_paper_of_record_offers_no_removal(cast: Cast, browser: Any) -> None:
    paper = steps.store_bytes(
        corpus.pdf(), name="合同.pdf", subject=EAST_CASE, category="loan_contract", branch_id=cast.east.id, by=SYSTEM
    )
    client = browser.acts_as(cast.lin)
    assert f"/documents/{paper.key}/removal/" not in text(client.get(PANEL))
    refused = client.post(f"/documents/{paper.key}/remove/", {"reason": "不要了"})
    assert refused.status_code == 422 and "正式存档" in text(refused)


def test_a_reader_has_no_drop_zone(cast: Cast, browser: Any) -> None:
    page = browser.acts_as(cast.xu).get(PANEL)
    assert page.status_code == 200 and "data-dropzone" not in text(page)
    assert upload(browser.acts_as(cast.xu)).status_code == 403


def test_the_same_form_sent_twice_keeps_one_file(cast: Cast, browser: Any) -> None:
    client = browser.acts_as(cast.lin)
    first = upload(client, _once="token-1")
    again = upload(client, _once="token-1")
    assert (first.status_code, again.status_code, again["Idempotent-Replay"]) == (200, 200, "true")
    assert StoredFile.objects.count() == 1


def test_english_panels_are_english(cast: Cast, browser: Any) -> None:
    page = text(browser.acts_as(cast.lin).get(PANEL, headers={"Accept-Language": "en"}))
    assert not re.findall(r"[\u4e00-\u9fff]+", page)


def test_everything_is_there_over_the_api(cast: Cast, browser: Any) -> None:
    client = browser.acts_as(cast.lin)
    headers = {"Idempotency-Key": "doc-1"}
    made = client.post("/api/v1/documents", {"subject": EAST_CASE, "category": "id_front", "file": photo()}, headers=headers)
    assert made.status_code == 201 and made.json()["kind"] == "jpeg" and "张三" not in made.content.decode()
    key = made.json()["id"]
    assert client.api(f"documents?subject={EAST_CASE}").json()["items"][0]["id"] == key
    assert client.api(f"documents/{key}").json()["sha256"] == made.json()["sha256"]
    assert client.api(f"documents/{key}/content").content.startswith(b"\xff\xd8\xff")
    assert {"id_front", "loan_contract"} <= {row["code"] for row in client.api("documents/categories").json()}
    evil = client.post(
        "/api/v1/documents", {"subject": EAST_CASE, "category": "id_front", "file": photo("a.jpg", b"MZ")},
        headers={"Idempotency-Key": "doc-2"},
    )
    assert (evil.status_code, evil.json()["code"], evil.json()["field"]) == (422, "file_kind_foreign", "file")
    assert client.api(f"documents/{key}/remove", {"reason": "传错了"}).status_code == 200
    assert client.api(f"documents/{key}").status_code == 404
    assert client.api("documents/not-a-key").status_code == 404
    assert browser.acts_as(cast.mei).api(f"documents?subject={EAST_CASE}").status_code == 404
