"""Writing an interview down, its proof and its signatures, and whether a contract may be made without one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.customers.models import Customer
from chezhe.documents import steps as document_steps
from chezhe.documents.models import StoredFile
from chezhe.documents.steps import Upload
from chezhe.kernel import clock, events, moves, roles
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid, NotFound, require_reason
from chezhe.origination import choices, duties, rules
from chezhe.origination.interviewing import errors, queries, questions
from chezhe.origination.interviewing.models import Interview, InterviewPhoto, InterviewSignature
from chezhe.origination.interviewing.rules import Said, digest, flaws
from chezhe.origination.models import Application
from chezhe.origination.states import APPLICATION, INTERVIEW

CATEGORY = "interview_record"
PLACE_LEAST, REFERENCE_LEAST = 2, 4
_FLAWS = {
    "missing": _("请填写“%(question)s”的回答。"), "no_such_answer": _("“%(question)s”只能回答“是”或“否”。"),
    "remark_missing": _("“%(question)s”的回答与要求不符，请在备注中说明。"), "too_long": _("“%(question)s”的回答或备注过长。"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """An interview as it is told: with whom (a customer's number), when, where, how, and what was answered."""

    customer_number: str
    held_at: datetime
    where: str
    channel: str
    answers: Mapping[str, Said]
    note: str = ""
    video_reference: str = ""
    reason: str = ""


def require_interviewer(application: Application, by: Actor) -> None:
    """Raises InterviewByProgram or InterviewByDecider (403), NotForInterview (409)."""
    if by.user_id is None or by.is_program:
        raise errors.InterviewByProgram()
    held = {duty: people for duty, people in duties.duties_of(application).items() if duty != duties.SALES}
    duty = rules.duty_held(by.user_ids, held)
    if duty:
        raise errors.InterviewByDecider(duty=roles.LABELS.get(duty, duty))
    if application.status in ("rejected", "withdrawn", "expired") or application.bound == "paid":
        raise errors.NotForInterview(number=application.number, status=APPLICATION.label(application.status))


def write(application: Application, number: str, talk: Talk, *, by: Actor) -> Interview:
    """A new record of a locked application, or (with its number) an open one written anew.

    Raises InterviewOpen, InterviewSigned or NothingToCorrect (409), Invalid (422) with the field, NotFound (404).
    """
    customer = _customer(application, talk.customer_number)
    standing = _lock(application, number) if number else None
    if standing is None:
        standing = _begun(application, customer, talk, by)
    elif standing.interviewer_id not in by.user_ids:
        raise errors.InterviewerOnly(name=standing.interviewer_name)
    elif standing.customer_id != customer.pk:
        raise Invalid(field="customer_number", code="interview_of_other", sentence=_("不能把已有记录改成另一个人的，请另建一份。"))
    require_unsigned(standing)
    _fill(standing, application, talk)
    standing.save()
    return standing


def _customer(application: Application, number: str) -> Customer:
    """The borrower or somebody beside him; raises Invalid (422)."""
    found = next((one for one in queries.people_of(application) if one.number == number.strip().upper()), None)
    if found is None:
        raise Invalid(field="customer_number", code="interview_stranger", sentence=_("面签对象须是本笔进件的借款人、共借人或担保人。"))
    return found


def _begun(application: Application, customer: Customer, talk: Talk, by: Actor) -> Interview:
    mine = Interview.objects.filter(application=application, customer=customer)
    waiting, signed = mine.filter(status="open").first(), mine.filter(status="signed").first()
    if waiting is not None:
        raise errors.InterviewOpen(who=customer.masked_name, number=waiting.number)
    if signed is not None and len(talk.reason.strip()) < 2:
        raise errors.NothingToCorrect(who=customer.masked_name, number=signed.number)
    place = Interview.objects.filter(application=application).count() + 1
    assert by.user_id is not None
    made = Interview(
        number=f"{application.number}.{place}", application=application, place=place, customer=customer, interviewer_id=by.user_id,
        interviewer_name=by.name, corrects=signed, reason=talk.reason.strip()[:200] if signed else "", made_at=clock.now(),
    )
    moves.record(made.subject, "begin", "", "open", by=by, reason=made.reason)
    return made


def _fill(row: Interview, application: Application, talk: Talk) -> None:
    begun_on, held_on = (moment.astimezone(clock.SHANGHAI).date() for moment in (application.created_at, talk.held_at))
    if held_on < begun_on or talk.held_at > clock.now():
        raise Invalid(field="held_on", code="interview_time", sentence=_("面签时间不能早于进件建立之日，也不能晚于现在。"))
    if talk.channel not in dict(choices.INTERVIEW_CHANNELS):
        raise Invalid(field="channel", code="interview_channel", sentence=_("请选择面签方式。"))
    if not PLACE_LEAST <= len(talk.where.strip()) <= 120:
        raise Invalid(field="where", code="interview_place", sentence=_("请填写面签地点（2 至 120 字）。"))
    edition = queries.asked(application, row.customer, talk.held_at)
    row.edition, row.held_at, row.where, row.channel = edition.code, talk.held_at, talk.where.strip(), talk.channel
    row.video_reference = talk.video_reference.strip()[:120]
    row.content_text = json.dumps({"answers": _answers(edition, talk.answers), "note": talk.note.strip()[:1000]}, ensure_ascii=False)


def _answers(edition: questions.Edition, said: Mapping[str, Said]) -> list[dict[str, str]]:
    """Each question as it was asked with its answer. Raises Invalid (422) for the first that cannot stand, or one that was not asked."""
    words = {one.code: one.text for one in edition.questions}
    strange = next((code for code in said if code not in words), None)
    if strange is not None:
        raise Invalid(field="answers", code="question_unknown", sentence=_("没有“%(question)s”这个问题。"), question=strange[:40])
    for flaw in flaws([(one.code, one.answer, one.expected) for one in edition.questions], said):
        raise Invalid(field=f"answer_{flaw.code}", code="interview_answer", sentence=_FLAWS[flaw.why], question=words[flaw.code])
    return [
        {"code": one.code, "text": one.text, "english": one.english, "kind": one.answer, "expected": one.expected,
         "answer": said[one.code].answer.strip(), "remark": said[one.code].remark.strip()}
        for one in edition.questions
    ]


def lock(application: Application, number: str) -> Interview:
    """One record of a locked application. Raises NotFound (404)."""
    return _lock(application, number)


def _lock(application: Application, number: str) -> Interview:
    rows = Interview.objects.select_for_update(of=("self",), no_key=True).select_related("customer")
    found = rows.filter(application=application, number=number).first()
    if found is None:
        raise NotFound(what=number[:40])
    return found


def require_unsigned(interview: Interview) -> None:
    """Raises InterviewSigned (409) once anybody has signed, and WrongState (409) for one that was discarded."""
    if interview.status in ("signed", "superseded") or (interview.pk and interview.signatures.exists()):
        raise errors.InterviewSigned(number=interview.number)
    INTERVIEW.require(interview.status, "sign")


def add_photo(interview: Interview, upload: Upload | None, *, by: Actor) -> InterviewPhoto:
    """Keep a picture of the interview. Raises InterviewSigned (409), or what the documents room refuses."""
    require_unsigned(interview)
    return InterviewPhoto.objects.create(interview=interview, file=_kept(interview, upload, by))


def _kept(interview: Interview, upload: Upload | None, by: Actor) -> StoredFile:
    application = interview.application
    file = document_steps.store(upload, subject=interview.subject, category=CATEGORY, branch_id=application.branch_id, by=by)
    if not file.is_image:
        raise Invalid(field="photo", code="interview_no_picture", sentence=_("请上传 JPG、PNG 或 WebP 图片。"))
    return file


def photos_of(interview: Interview) -> list[InterviewPhoto]:
    """Its pictures, those that were taken away again left out."""
    return list(interview.photos.select_related("file").filter(file__removed_at__isnull=True))


def content_of(interview: Interview) -> dict[str, Any]:
    """Everything that is signed, photos by their digests."""
    return {
        "number": interview.number, "application": interview.application.number, "customer": interview.customer.number,
        "name": interview.customer.name, "edition": interview.edition, "held_at": interview.held_at.astimezone(clock.SHANGHAI).isoformat(),
        "where": interview.where, "channel": interview.channel, "content": interview.content, "video": interview.video_reference,
        "interviewer": interview.interviewer_id, "corrects": interview.corrects.number if interview.corrects else "",
        "reason": interview.reason, "photos": sorted(photo.file.sha256 for photo in photos_of(interview)),
    }


def sign(interview: Interview, signer: str, *, drawing: Upload | None, reference: str, by: Actor) -> InterviewSignature:
    """One side signs: with a drawn signature, or on paper at the counter under a reference. With the second one the record is closed.

    Raises SignedAlready (409), InterviewerOnly (403), ProofMissing or Invalid (422), WrongState (409).
    """
    INTERVIEW.require(interview.status, "sign")
    _require_signer(interview, signer, by)
    photos = photos_of(interview)
    if not interview.video_reference and (interview.channel == "video" or not photos):
        raise errors.ProofMissing()
    reference = reference.strip()
    if (drawing is None) == (not reference):
        raise Invalid(field="reference", code="interview_one_signature", sentence=_("请上传手写签名图片，或填写柜台签字件编号，二者取一。"))
    if reference and not REFERENCE_LEAST <= len(reference) <= 80:
        raise Invalid(field="reference", code="interview_reference", sentence=_("签字件编号须有 4 至 80 个字。"))
    file = _kept(interview, drawing, by) if drawing is not None else None
    document_steps.put_on_record([photo.file for photo in photos] + ([file] if file else []))
    content = digest(content_of(interview))
    assert by.user_id is not None
    made = InterviewSignature.objects.create(
        interview=interview, signer=signer, name=interview.customer.name if signer == "customer" else interview.interviewer_name,
        way="drawn" if file else "counter", file=file, reference=reference,
        signature_sha256=file.sha256 if file else hashlib.sha256(reference.encode()).hexdigest(), content_sha256=content,
        signed_at=clock.now(), recorded_by_id=by.user_id, recorded_by_name=by.name,
    )
    if interview.signatures.count() == len(choices.INTERVIEW_SIGNERS):
        _close(interview, content, by)
    return made


def _require_signer(interview: Interview, signer: str, by: Actor) -> None:
    if signer not in dict(choices.INTERVIEW_SIGNERS):
        raise Invalid(field="signer", code="interview_signer", sentence=_("请选择由谁签字。"))
    if by.user_id is None or by.is_program:
        raise errors.InterviewByProgram()
    if signer == "interviewer" and by.user_id != interview.interviewer_id:
        raise errors.InterviewerOnly(name=interview.interviewer_name)
    if interview.signatures.filter(signer=signer).exists():
        raise errors.SignedAlready(who=dict(choices.INTERVIEW_SIGNERS)[signer])


def _close(interview: Interview, content: str, by: Actor) -> None:
    """Both have signed: it stands, in the place of the one that it corrects."""
    if interview.corrects is not None:
        before = Interview.objects.select_for_update(no_key=True).get(pk=interview.corrects.pk)
        moves.record(before.subject, "supersede", before.status, "superseded", by=by, reason=interview.reason)
        before.status = "superseded"
        before.save(update_fields=["status"])
    interview.status, interview.content_sha256, interview.signed_at = "signed", content, clock.now()
    interview.save(update_fields=["status", "content_sha256", "signed_at"])
    moves.record(interview.subject, "sign", "open", "signed", by=by)
    events.publish("interview.signed", interview.subject, {"number": interview.number, "application": interview.application.number})


def discard(interview: Interview, reason: str, *, by: Actor) -> None:
    """Give an open record up. Raises WrongState (409) for one that is signed, ReasonRequired (422)."""
    reason = require_reason(reason, most=200)
    INTERVIEW.require(interview.status, "discard")
    moves.record(interview.subject, "discard", interview.status, "discarded", by=by, reason=reason)
    interview.status = "discarded"
    interview.save(update_fields=["status"])


def require_held(application: Application, on: date) -> None:
    """Raises InterviewMissing (409), naming who has not been interviewed, where the figures of a day ask for it."""
    if queries.is_needed(application, on) and not queries.is_held(application):
        raise errors.InterviewMissing(number=application.number, who=application.customer.masked_name)
