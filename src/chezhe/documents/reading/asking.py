"""The question to the outside service: sent by the worker, outside of any transaction."""

from __future__ import annotations

from chezhe.documents import vault
from chezhe.documents.reading import catalogue
from chezhe.documents.reading.models import PaperReading
from chezhe.documents.vendors.ocr import client
from chezhe.documents.vendors.ocr.answers import PaperAnswer
from chezhe.kernel import outside


def answer_about(reading: PaperReading) -> PaperAnswer | None:
    """What the service says of a file; None when it says nothing that counts, or its bytes are lost."""
    try:
        picture = vault.read(reading.file.key)
        return client.read_paper(reading.reference, reading.kind, picture, known=catalogue.FIELDS[reading.kind].keys())
    except (outside.Unreachable, vault.FileLost):
        return None
