"""Interviews: with whom, when and where, what was said, and who signed."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import File, Form, UploadedFile

from chezhe.kernel import clock, rest
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import Invalid
from chezhe.origination import permissions
from chezhe.origination.actions.add_interview_photo import add_interview_photo
from chezhe.origination.actions.discard_interview import discard_interview
from chezhe.origination.actions.record_interview import record_interview
from chezhe.origination.actions.sign_interview import sign_interview
from chezhe.origination.api.deciding import ReasonIn
from chezhe.origination.api.shapes import router, rows_of
from chezhe.origination.interviewing import queries
from chezhe.origination.interviewing.models import Interview
from chezhe.origination.interviewing.rules import Said
from chezhe.origination.interviewing.steps import Talk

Channel = Literal["counter", "field", "video"]


class SaidIn(rest.In):
    """yes or no, or words; a remark where it is not as it should be."""

    code: rest.Text[40]
    answer: rest.Text[300]
    remark: rest.Text[200] = ""


class InterviewIn(rest.In):
    """`held_at` is ISO with an offset; `reason` is asked for where a signed record is corrected."""

    customer_number: rest.Text[20]
    held_at: rest.Text[40]
    where: rest.Text[120]
    channel: Channel
    answers: list[SaidIn]
    note: rest.Text[1000] = ""
    video_reference: rest.Text[120] = ""
    reason: rest.Text[200] = ""


class SaidOut(rest.Out):
    code: str
    question: str
    answer: str
    remark: str


class SignatureOut(rest.Out):
    signer: str
    way: str
    reference: str
    signature_sha256: str
    content_sha256: str
    signed_at: datetime
    recorded_by: str


class InterviewOut(rest.Out):
    number: str
    status: str
    customer_number: str
    edition: str
    held_at: datetime
    where: str
    channel: str
    interviewer: str
    answers: list[SaidOut]
    note: str
    video_reference: str
    photos: list[str]
    signatures: list[SignatureOut]
    corrects: str
    reason: str
    content_sha256: str
    signed_at: datetime | None


class QuestionOut(rest.Out):
    code: str
    question: str
    answer: str
    expected: str


def _shape(one: Interview) -> dict[str, Any]:
    content = one.content
    same = ("number", "status", "edition", "held_at", "where", "channel", "video_reference", "reason", "content_sha256", "signed_at")
    signed = ("signer", "way", "reference", "signature_sha256", "content_sha256", "signed_at")
    return {name: getattr(one, name) for name in same} | {
        "customer_number": one.customer.number, "interviewer": one.interviewer_name, "note": content["note"],
        "corrects": one.corrects.number if one.corrects else "", "photos": [str(photo.file.key) for photo in one.photos.all()],
        "answers": [{"code": s["code"], "question": s["text"], "answer": s["answer"], "remark": s["remark"]} for s in content["answers"]],
        "signatures": [
            {name: getattr(s, name) for name in signed} | {"recorded_by": s.recorded_by_name} for s in one.signatures.all()],
    }


@router.get("/{number}/interviews", response=list[InterviewOut], summary="Every interview, newest first")
@needs(permissions.VIEW)
def interviews(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    return [_shape(one) for one in queries.of(rows_of(request).fetch(number))]


@router.get("/{number}/questions", response=list[QuestionOut], summary="What is to be asked of the borrower today")
@needs(permissions.VIEW)
def asked(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    row = rows_of(request).fetch(number)
    edition = queries.asked(row, row.customer, clock.now())
    return [{"code": q.code, "question": q.text, "answer": q.answer, "expected": q.expected} for q in edition.questions]


@router.post("/{number}/interviews", response={201: InterviewOut}, summary="Write an interview down")
@needs(permissions.INTERVIEW)
def begin(request: HttpRequest, number: str, payload: InterviewIn) -> tuple[int, dict[str, Any]]:
    made = record_interview(application_number=number, talk=_talk(payload), by=request.actor)
    return 201, _again(request, number, made.number)


@router.post("/{number}/interviews/{interview_number}", response=InterviewOut, summary="Write an unsigned interview anew")
@needs(permissions.INTERVIEW)
def edit(request: HttpRequest, number: str, interview_number: str, payload: InterviewIn) -> dict[str, Any]:
    record_interview(application_number=number, interview_number=interview_number, talk=_talk(payload), by=request.actor)
    return _again(request, number, interview_number)


@router.post("/{number}/interviews/{interview_number}/photos", response=InterviewOut, summary="Keep a picture taken at it (multipart)")
@needs(permissions.INTERVIEW)
def photo(request: HttpRequest, number: str, interview_number: str, file: File[UploadedFile]) -> dict[str, Any]:
    add_interview_photo(application_number=number, interview_number=interview_number, upload=file, by=request.actor)
    return _again(request, number, interview_number)


@router.post("/{number}/interviews/{interview_number}/sign", response=InterviewOut, summary="One side signs (multipart)")
@needs(permissions.INTERVIEW)
def sign(
    request: HttpRequest, number: str, interview_number: str, signer: Form[str], reference: Form[str] = "",
    drawing: File[UploadedFile | None] = None,
) -> dict[str, Any]:
    sign_interview(
        application_number=number, interview_number=interview_number, signer=signer, drawing=drawing, reference=reference, by=request.actor)
    return _again(request, number, interview_number)


@router.post("/{number}/interviews/{interview_number}/discard", response=InterviewOut, summary="Give an unsigned interview up")
@needs(permissions.INTERVIEW)
def discard(request: HttpRequest, number: str, interview_number: str, payload: ReasonIn) -> dict[str, Any]:
    discard_interview(application_number=number, interview_number=interview_number, reason=payload.reason, by=request.actor)
    return _again(request, number, interview_number)


def _again(request: HttpRequest, number: str, interview_number: str) -> dict[str, Any]:
    return _shape(queries.fetch(rows_of(request).fetch(number), interview_number))


def _talk(payload: InterviewIn) -> Talk:
    """Raises Invalid (422) for a moment that is none, or without an offset."""
    try:
        held_at = datetime.fromisoformat(payload.held_at)
    except ValueError:
        held_at = None
    if held_at is None or held_at.tzinfo is None:
        raise Invalid(field="held_at", code="interview_time")
    return Talk(
        customer_number=payload.customer_number, held_at=held_at, where=payload.where, channel=payload.channel,
        answers={one.code: Said(one.answer, one.remark) for one in payload.answers}, note=payload.note,
        video_reference=payload.video_reference, reason=payload.reason,
    )
