"""Interviews as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from chezhe.kernel.actor import Actor
from chezhe.origination import choices, permissions
from chezhe.origination.interviewing import queries
from chezhe.origination.interviewing.forms import YES_NO
from chezhe.origination.interviewing.models import Interview
from chezhe.origination.models import Application
from chezhe.origination.states import INTERVIEW
from chezhe.ui.status import Status

STATUSES = {
    "open": Status(INTERVIEW.labels["open"], "warning"), "signed": Status(INTERVIEW.labels["signed"], "good", "signature"),
    "discarded": Status(INTERVIEW.labels["discarded"], "neutral"), "superseded": Status(INTERVIEW.labels["superseded"], "neutral"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One record in the list."""

    interview: Interview
    status: Status
    signed_by: list[Any]
    remarkable: int


@dataclass(frozen=True, slots=True)
class Answer:
    """One question with its answer; `is_remarkable` when it is not as it should be."""

    question: str
    answer: Any
    remark: str
    is_remarkable: bool


def lines(application: Application) -> list[Line]:
    """Every record of an application, newest first."""
    return [
        Line(one, STATUSES[one.status], [signature.signer_label for signature in one.signatures.all()],
             sum(answer.is_remarkable for answer in answers(one)))
        for one in queries.of(application)
    ]


def answers(interview: Interview) -> list[Answer]:
    """The questions as they were asked, with what was said."""
    named, in_english = dict(YES_NO), (get_language() or "").startswith("en")
    return [
        Answer(
            one["english"] if in_english else one["text"], named[one["answer"]] if one["kind"] == "yes_no" else one["answer"],
            one["remark"], bool(one["expected"]) and one["answer"] != one["expected"],
        )
        for one in interview.content["answers"]
    ]


def of_record(interview: Interview, actor: Actor) -> dict[str, Any]:
    """What a page of one record needs."""
    signatures = list(interview.signatures.all())
    signed, may = {one.signer for one in signatures}, actor.can(permissions.INTERVIEW.code) and interview.status == "open"
    return {
        "interview": interview, "status": STATUSES[interview.status], "answers": answers(interview), "note": interview.content["note"],
        "signatures": signatures, "waiting": [label for signer, label in choices.INTERVIEW_SIGNERS if signer not in signed],
        "photos": [photo.file for photo in interview.photos.all() if photo.file.removed_at is None],
        "may_sign": may, "may_edit": may and not signed and interview.interviewer_id in actor.user_ids, "may_add": may and not signed,
    }
