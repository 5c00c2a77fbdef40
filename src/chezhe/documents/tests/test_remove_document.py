from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from chezhe.documents import queries, steps
from chezhe.documents.actions.open_document import open_document
from chezhe.documents.actions.remove_document import remove_document
from chezhe.documents.actions.upload_document import upload_document
from chezhe.documents.errors import DocumentOfRecord
from chezhe.documents.models import StoredFile
from chezhe.documents.tests import corpus
from chezhe.documents.tests.conftest import EAST_CASE
from chezhe.documents.tests.people import Cast
from chezhe.kernel import clock
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted


def kept_paper(cast: Cast) -> StoredFile:
    upload = SimpleUploadedFile("a.jpg", corpus.image())
    return upload_document(subject=EAST_CASE, category_code="id_front", upload=upload, by=cast.lin)


def test_it_leaves_a_tombstone_and_closes_the_file(cast: Cast) -> None:
    kept = kept_paper(cast)
    remove_document(document_number=str(kept.key), reason="传错了人", by=cast.lin)
    kept.refresh_from_db()
    assert (kept.removed_by_name, kept.removed_reason) == ("林", "传错了人") and kept.removed_at
    assert not queries.of(EAST_CASE).exists()
    with pytest.raises(NotFound):
        open_document(document_number=str(kept.key), by=cast.lin)


def test_the_right_file_can_follow_the_wrong_one(cast: Cast) -> None:
    remove_document(document_number=str(kept_paper(cast).key), reason="不清楚", by=cast.lin)
    assert kept_paper(cast).removed_at is None


def test_it_wants_a_reason(cast: Cast) -> None:
    with pytest.raises(Invalid):
        remove_document(document_number=str(kept_paper(cast).key), reason="  ", by=cast.lin)


def test_a_paper_of_record_stays(cast: Cast) -> None:
    contract = steps.store_bytes(
        corpus.pdf(), name="c.pdf", subject=EAST_CASE, category="loan_contract", branch_id=cast.east.id, by=SYSTEM
    )
    with pytest.raises(DocumentOfRecord):
        remove_document(document_number=str(contract.key), reason="x", by=cast.gao)
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.filter(pk=contract.pk).update(removed_at=clock.now())


def test_other_branches_and_readers_cannot_remove(cast: Cast) -> None:
    kept = kept_paper(cast)
    with pytest.raises(NotFound):
        remove_document(document_number=str(kept.key), reason="x", by=cast.mei)
    with pytest.raises(NotPermitted):
        remove_document(document_number=str(kept.key), reason="x", by=cast.xu)
