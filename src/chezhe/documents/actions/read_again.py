from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.documents import permissions, queries
from chezhe.documents.reading import steps
from chezhe.documents.reading.models import PaperReading
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.UPLOAD, label=_("重新识别资料"))
def read_again(*, document_number: str, by: Actor) -> PaperReading:
    """Have a paper read once more. Raises NothingToRead or NotAgain (409)."""
    return steps.ask_again(queries.fetch(document_number, by))
