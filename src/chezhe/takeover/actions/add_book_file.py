"""A file of the book comes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.documents.steps import Upload
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.takeover import books, permissions
from chezhe.takeover.models import Takeover, TakeoverFile


@action(permissions.PREPARE, label=_("上传迁入文件"))
def add_book_file(*, takeover_number: str, upload: Upload | None, by: Actor) -> TakeoverFile:
    """Keep one more workbook or CSV; what was tried before is to be tried again. Raises WrongState or a FileRefused."""
    require_whole_house(by)
    book = Takeover.objects.visible_to(by).lock(takeover_number)
    return books.add_file(book, upload, by=by)
