"""What customers tell us: complaints, which are answered in time, and how they found what was done."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from chezhe.compliance import labels
from chezhe.compliance.models import COMPLAINT_PREFIX, Complaint, Rating
from chezhe.compliance.states import COMPLAINT
from chezhe.kernel import clock, events, locks, moves, numbers, parameters
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid, require_reason

WORDS_MAX = 1000
STARS_MAX = 5


class RatedAlready(BusinessError):
    code = "rated_already"
    sentence = _("这一次已经评价过了，谢谢您。")


def file_complaint(*, subject: str, kind: str, words: str, on: date, by: Actor) -> Complaint:
    """Take a complaint down, to be answered within the days of the parameter; the same said again while it waits is one complaint.

    Raises Invalid (422), ReasonRequired (422) without words, or ParameterMissing (409).
    """
    if kind not in dict(labels.COMPLAINT_KINDS):
        raise Invalid(field="kind", code="complaint_kind_unknown", sentence=_("没有这类投诉，请从列表中选择。"))
    said = require_reason(words, most=WORDS_MAX)
    locks.hold(f"complaint:{subject}")
    standing = Complaint.objects.filter(subject_text=subject, kind=kind, words=said, status="received").first()
    if standing is not None:
        return standing
    made = Complaint.objects.create(
        number=numbers.next_number(COMPLAINT_PREFIX, on), subject_text=subject, kind=kind, words=said,
        channel="portal" if by.is_outsider else "staff", received_on=on, received_at=clock.now(), received_by_name=by.name,
        due_on=on + timedelta(days=parameters.count("COMPLAINT_DAYS", on)),
    )
    moves.record(made.subject, "file", "", made.status, by=by)
    events.publish("complaint.received", made.subject, {"number": made.number, "kind": kind, "due_on": made.due_on.isoformat()})
    return made


def answer(complaint: Complaint, words: str, *, by: Actor) -> None:
    """What the customer is told; the row is locked. Raises WrongState (409) or ReasonRequired (422)."""
    COMPLAINT.require(complaint.status, "answer")
    complaint.answer, complaint.answered_at, complaint.answered_by_name = require_reason(words, most=WORDS_MAX), clock.now(), by.name
    complaint.save(update_fields=["answer", "answered_at", "answered_by_name"])
    moves.move(complaint, COMPLAINT, "answer", by=by)
    events.publish("complaint.answered", complaint.subject, {"number": complaint.number})


def close(complaint: Complaint, *, by: Actor) -> None:
    """The customer is content, or there is nothing more to say; the row is locked. Raises WrongState (409)."""
    COMPLAINT.require(complaint.status, "close")
    complaint.closed_at, complaint.closed_by_name = clock.now(), by.name
    complaint.save(update_fields=["closed_at", "closed_by_name"])
    moves.move(complaint, COMPLAINT, "close", by=by)


def rate(*, subject: str, about: str, occasion: str, stars: int, words: str, on: date) -> Rating:
    """Keep how a customer found it; the caller has seen that the occasion has come. Raises Invalid (422) or RatedAlready (409)."""
    if not 1 <= stars <= STARS_MAX:
        raise Invalid(field="stars", code="stars_unknown", sentence=_("请选择 1 到 5 分。"))
    locks.hold(f"rating:{about}:{occasion}")
    if Rating.objects.filter(about=about, occasion=occasion).exists():
        raise RatedAlready()
    return Rating.objects.create(
        subject_text=subject, about=about, occasion=occasion, stars=stars, words=words.strip()[:WORDS_MAX], rated_on=on,
        rated_at=clock.now())
