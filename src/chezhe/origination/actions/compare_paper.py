from __future__ import annotations

from dataclasses import dataclass

from chezhe.documents.models import PaperReading
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.origination import permissions, queries
from chezhe.origination.matching import comparing
from chezhe.origination.matching.comparing import Match
from chezhe.origination.models import Application


@dataclass(frozen=True, slots=True)
class Compared:
    """A paper's fields beside the files; `subject` lets the trail name whose they are."""

    application: Application
    reading: PaperReading
    matches: tuple[Match, ...]

    @property
    def subject(self) -> str:
        return self.application.subject


@action(permissions.COMPARE)
def compare_paper(*, application_number: str, document_number: str, by: Actor) -> Compared:
    """See in full what was read of a paper and what is on file; that it was looked at, and by whom, is part of the track."""
    application = queries.visible(by).fetch(application_number)
    reading = comparing.reading_of(application, document_number, by)
    return Compared(application, reading, tuple(comparing.matches(application, reading)))
