from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.documents import errors, permissions, queries
from chezhe.documents.models import StoredFile
from chezhe.kernel import clock
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid


@action(permissions.REMOVE)
def remove_document(*, document_number: str, reason: str, by: Actor) -> StoredFile:
    """Take a wrongly filed paper out of sight; a tombstone stays, and papers of record cannot be removed."""
    found = queries.fetch(document_number, by)
    file = StoredFile.objects.select_for_update().get(pk=found.pk)
    if file.is_of_record:
        raise errors.DocumentOfRecord(category=file.category_label)
    if not reason.strip():
        raise Invalid(field="reason", code="reason_required", sentence=_("请写明删除原因。"))
    if file.removed_at is None:
        file.removed_at, file.removed_by_name, file.removed_reason = clock.now(), by.name, reason.strip()[:200]
        file.save(update_fields=["removed_at", "removed_by_name", "removed_reason"])
    return file
