from __future__ import annotations

from chezhe.documents import permissions, steps
from chezhe.documents.models import StoredFile
from chezhe.documents.steps import Upload
from chezhe.kernel import subjects
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.UPLOAD)
def upload_document(*, subject: str, category_code: str, upload: Upload | None, by: Actor) -> StoredFile:
    """Add a paper to a customer, a vehicle, an application or whatever else has papers."""
    behind = subjects.open_subject(subject, by)
    return steps.store(upload, subject=subject, category=category_code, branch_id=behind.branch_id or by.branch_id, by=by)
