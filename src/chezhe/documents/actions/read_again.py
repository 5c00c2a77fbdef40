from __future__ import annotations

from chezhe.documents import permissions, queries
from chezhe.documents.reading import steps
from chezhe.documents.reading.models import PaperReading
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.READ_AGAIN)
def read_again(*, document_number: str, by: Actor) -> PaperReading:
    """Have a paper read once more. Raises NothingToRead or NotAgain (409)."""
    return steps.ask_again(queries.fetch(document_number, by))
