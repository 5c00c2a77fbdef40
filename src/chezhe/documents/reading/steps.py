"""Asking for a paper to be read, keeping the answer, and noting what somebody made of a field."""

from __future__ import annotations

from chezhe.documents.errors import NotAgain, NothingToRead
from chezhe.documents.models import StoredFile
from chezhe.documents.reading import catalogue
from chezhe.documents.reading.models import PaperReading, ReadField
from chezhe.documents.vendors.ocr.answers import PaperAnswer
from chezhe.kernel import clock, events, jobs
from chezhe.kernel.actor import Actor

JOB = "documents.read_paper"
ATTEMPTS_MAX = 3
_AFTER_SECONDS = 20  # and so much more after each attempt
# Of a smaller picture no service can read the print: nobody is asked.
LONG_SIDE_LEAST, SHORT_SIDE_LEAST = 600, 360


def ask(file: StoredFile) -> PaperReading | None:
    """Have a new file read, when papers of its category can be and it is a picture; None otherwise."""
    kind = catalogue.KIND_OF.get(file.category)
    if kind is None or not file.is_image:
        return None
    if max(file.width, file.height) < LONG_SIDE_LEAST or min(file.width, file.height) < SHORT_SIDE_LEAST:
        at = clock.now()
        return PaperReading.objects.create(file=file, kind=kind, status="unreadable", why="too_small", asked_at=at, answered_at=at)
    reading = PaperReading.objects.create(file=file, kind=kind, asked_at=clock.now())
    jobs.enqueue(JOB, reading_id=reading.pk)
    return reading


def ask_again(file: StoredFile) -> PaperReading:
    """Another round for a file that could not be read. Raises NothingToRead (409) for one that never can be, NotAgain (409) while it is
    being read and after somebody has judged what was read."""
    reading = PaperReading.objects.select_for_update().filter(file=file).first()
    if reading is None:
        made = ask(file)
        if made is None:
            raise NothingToRead(category=file.category_label)
        return made
    if reading.status == "waiting" or reading.why == "too_small" or reading.read_fields.exclude(verdict="").exists():
        raise NotAgain(status=reading.get_status_display())
    reading.read_fields.all().delete()
    reading.status, reading.why, reading.attempts, reading.asked_at, reading.answered_at = "waiting", "", 0, clock.now(), None
    reading.rounds += 1
    reading.save()
    jobs.enqueue(JOB, reading_id=reading.pk)
    return reading


def keep_answer(reading: PaperReading, answer: PaperAnswer) -> None:
    """Write down what the service said about a locked reading."""
    ReadField.objects.bulk_create([
        ReadField(reading=reading, name=one.name, value=one.value, confidence_percent=round(one.confidence * 100))
        for one in answer.fields
    ])
    _end(reading, "unreadable" if answer.why else "read", answer.why)


def keep_silence(reading: PaperReading) -> None:
    """The service said nothing that counts: try again a few times, then people type."""
    reading.attempts += 1
    if reading.attempts >= ATTEMPTS_MAX:
        _end(reading, "given_up", "unreached")
        return
    reading.save(update_fields=["attempts"])
    jobs.enqueue(JOB, after_seconds=_AFTER_SECONDS * reading.attempts, reading_id=reading.pk)


def _end(reading: PaperReading, status: str, why: str) -> None:
    reading.status, reading.why, reading.answered_at = status, why, clock.now()
    reading.save(update_fields=["status", "why", "answered_at", "attempts"])
    events.publish("document.read", reading.subject, {"document": str(reading.file.key), "kind": reading.kind, "status": status})


def judge(field: ReadField, verdict: str, *, by: Actor) -> None:
    """Note that somebody took a field over, or let what was typed stand."""
    field.verdict, field.judged_at, field.judged_by_name = verdict, clock.now(), by.name
    field.save(update_fields=["verdict", "judged_at", "judged_by_name"])
