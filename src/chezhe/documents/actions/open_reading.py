from __future__ import annotations

from chezhe.documents import permissions
from chezhe.documents.reading import queries
from chezhe.documents.reading.models import PaperReading
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.OPEN_READING)
def open_reading(*, document_number: str, by: Actor) -> PaperReading:
    """See in full what was read of a paper; that it was looked at, and by whom, is part of the track."""
    return queries.of_file(document_number, by)
