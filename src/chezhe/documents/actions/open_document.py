from __future__ import annotations

from dataclasses import dataclass

from chezhe.documents import permissions, queries, vault
from chezhe.documents.models import StoredFile
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Opened:
    """A paper with its bytes; `subject` lets the audit trail name whose it is."""

    file: StoredFile
    data: bytes

    @property
    def subject(self) -> str:
        return self.file.subject


@action(permissions.VIEW)
def open_document(*, document_number: str, by: Actor) -> Opened:
    """Read a paper; that it was read, and by whom, is part of the track."""
    file = queries.fetch(document_number, by)
    return Opened(file, vault.read(file.key))
