from __future__ import annotations

from chezhe.documents import permissions
from chezhe.documents.reading import steps
from chezhe.documents.reading.models import PaperReading
from chezhe.documents.vendors.ocr.answers import PaperAnswer
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.RECORD_READING)
def record_reading(*, reading_id: int, answer: PaperAnswer | None, by: Actor) -> PaperReading | None:
    """Keep what the service read of a paper, or that it said nothing: then it is asked again, and at last people type. An answer that
    comes twice changes nothing."""
    rows = PaperReading.objects.select_for_update(of=("self",), no_key=True).select_related("file")
    reading = rows.filter(pk=reading_id, status="waiting").first()
    if reading is None:
        return None
    if answer is None:
        steps.keep_silence(reading)
    else:
        steps.keep_answer(reading, answer)
    return reading
