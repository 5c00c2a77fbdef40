from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chezhe.documents import queries, steps, tasks, vault
from chezhe.documents.actions.open_document import open_document
from chezhe.documents.actions.upload_document import upload_document
from chezhe.documents.errors import CategoryUnknown, DocumentTwice, FileEmpty, FileKindForeign, FileMissing, FileTooLarge
from chezhe.documents.models import StoredFile
from chezhe.documents.tests import corpus
from chezhe.documents.tests.conftest import EAST_CASE
from chezhe.documents.tests.people import Cast
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import NotFound, NotPermitted
from chezhe.kernel.models import AuditEntry
from chezhe.kernel.testing import WU


def upload(name: str = "张三身份证.jpg", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, corpus.image() if data is None else data)


def on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_it_keeps_a_picture_under_its_own_name_encrypted(cast: Cast, vault_folder: Path) -> None:
    kept = upload_document(subject=EAST_CASE, category_code="id_front", upload=upload(), by=cast.lin)
    (path,) = on_disk(vault_folder)
    assert path.name == kept.key.hex and "张三" not in str(path)
    assert b"JFIF" not in path.read_bytes()
    assert vault.read(kept.key).startswith(b"\xff\xd8\xff")
    assert (kept.kind, kept.branch_id, kept.uploaded_by_name, kept.retention) == ("jpeg", cast.east.id, "林", "identity")
    assert kept.original_name == "张三身份证.jpg" and "张三" not in kept.download_name


@pytest.mark.parametrize(("given", "error"), [
    (SimpleUploadedFile("a.jpg", b""), FileEmpty), (None, FileMissing),
    (SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"), FileKindForeign),
])
def test_it_keeps_nothing_of_what_it_refuses(cast: Cast, vault_folder: Path, given: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        upload_document(subject=EAST_CASE, category_code="id_front", upload=given, by=cast.lin)
    assert not StoredFile.objects.exists() and not on_disk(vault_folder)


def test_it_stops_reading_when_there_is_too_much(cast: Cast, settings: object) -> None:
    settings.UPLOAD_BYTES_MAX = 1000

    class Endless:
        name, served = "a.jpg", 0

        def chunks(self):
            while True:
                self.served += 1
                yield b"\xff\xd8\xff" + b"0" * 400

    endless = Endless()
    with pytest.raises(FileTooLarge):
        upload_document(subject=EAST_CASE, category_code="id_front", upload=endless, by=cast.lin)
    assert endless.served == 3


def test_the_same_file_twice_is_told_and_kept_once(cast: Cast) -> None:
    upload_document(subject=EAST_CASE, category_code="id_front", upload=upload(), by=cast.lin)
    with pytest.raises(DocumentTwice) as refused:
        upload_document(subject=EAST_CASE, category_code="id_front", upload=upload("other.jpg"), by=cast.chen)
    assert "林" in str(refused.value) and "身份证人像面" in str(refused.value)
    assert StoredFile.objects.count() == 1


def test_it_refuses_a_category_that_does_not_exist(cast: Cast) -> None:
    with pytest.raises(CategoryUnknown):
        upload_document(subject=EAST_CASE, category_code="love_letter", upload=upload(), by=cast.lin)


def test_a_picture_only_category_refuses_a_pdf(cast: Cast) -> None:
    with pytest.raises(FileKindForeign):
        upload_document(subject=EAST_CASE, category_code="photo_nameplate", upload=upload("a.pdf", corpus.pdf()), by=cast.lin)


def test_nobody_reaches_a_file_through_a_subject_out_of_scope(cast: Cast) -> None:
    kept = upload_document(subject=EAST_CASE, category_code="id_front", upload=upload(), by=cast.lin)
    with pytest.raises(NotFound):
        upload_document(subject=EAST_CASE, category_code="id_back", upload=upload(), by=cast.mei)
    with pytest.raises(NotFound):
        open_document(document_number=str(kept.key), by=cast.mei)
    with pytest.raises(NotFound):
        open_document(document_number="not-a-key", by=cast.lin)
    with pytest.raises(NotFound):
        queries.for_actor("nonsense", cast.lin)


def test_wu_sees_nothing(cast: Cast) -> None:
    kept = upload_document(subject=EAST_CASE, category_code="id_front", upload=upload(), by=cast.lin)
    assert not StoredFile.objects.visible_to(WU).exists()
    with pytest.raises(NotFound):
        queries.fetch(str(kept.key), WU)
    with pytest.raises(NotPermitted):
        open_document(document_number=str(kept.key), by=WU)


def test_every_opening_is_in_the_audit_trail(cast: Cast) -> None:
    kept = upload_document(subject=EAST_CASE, category_code="id_front", upload=upload(), by=cast.lin)
    opened = open_document(document_number=str(kept.key), by=cast.xu)
    entry = AuditEntry.objects.get(verb="documents.open_document")
    assert opened.data == vault.read(kept.key)
    assert (entry.subject, entry.actor_name, entry.facts["document_number"]) == (EAST_CASE, "许", str(kept.key))


def test_no_name_of_a_file_reaches_the_audit_trail(cast: Cast) -> None:
    upload_document(subject=EAST_CASE, category_code="id_front", upload=upload("CANARY-张三.jpg"), by=cast.lin)
    assert "CANARY" not in str(list(AuditEntry.objects.values()))


def test_a_paper_of_our_own_making_is_kept_by_a_step(cast: Cast) -> None:
    kept = steps.store_bytes(
        corpus.pdf(2), name="借款合同.pdf", subject=EAST_CASE, category="loan_contract", branch_id=cast.east.id, by=SYSTEM
    )
    assert (kept.pages, kept.is_of_record, kept.uploaded_by_id) == (2, True, None)


def test_it_knows_what_is_missing(cast: Cast) -> None:
    upload_document(subject=EAST_CASE, category_code="id_back", upload=upload(), by=cast.lin)
    assert [c.code for c in queries.missing(EAST_CASE, ["id_front", "id_back", "income_proof"])] == ["id_front", "income_proof"]
    checklist = queries.checklist(EAST_CASE, ["id_front", "id_back", "nonsense"], cast.lin)
    assert [(c.code, there) for c, there in checklist.chips] == [("id_front", False), ("id_back", True)]


def test_bytes_that_were_altered_on_disk_are_not_served(cast: Cast, vault_folder: Path) -> None:
    kept = upload_document(subject=EAST_CASE, category_code="id_front", upload=upload(), by=cast.lin)
    (path,) = on_disk(vault_folder)
    kept_bytes = path.read_bytes()
    path.write_bytes(kept_bytes[:-1] + bytes([kept_bytes[-1] ^ 1]))
    with pytest.raises(vault.FileLost):
        open_document(document_number=str(kept.key), by=cast.lin)


def test_bytes_without_a_row_are_swept_when_they_are_old(cast: Cast, vault_folder: Path) -> None:
    import os
    from uuid import uuid4

    kept = upload_document(subject=EAST_CASE, category_code="id_front", upload=upload(), by=cast.lin)
    young, old = uuid4(), uuid4()
    for key in (young, old):
        vault.put(key, b"orphan")
    for path in on_disk(vault_folder):
        if path.name in (old.hex, kept.key.hex):
            os.utime(path, (1_600_000_000, 1_600_000_000))
    assert tasks.sweep_vault() == 1
    assert {path.name for path in on_disk(vault_folder)} == {kept.key.hex, young.hex}
