"""Complaints and ratings over REST."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Status

from chezhe.compliance import permissions, queries
from chezhe.compliance.actions.answer_complaint import answer_complaint
from chezhe.compliance.actions.close_complaint import close_complaint
from chezhe.compliance.actions.file_complaint import file_complaint
from chezhe.compliance.api.figures import router
from chezhe.compliance.models import Complaint, Rating
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, In, Out, Page, Text, page_of


class ComplaintOut(Out):
    number: str
    subject: str
    kind: str
    status: str
    words: str
    received_on: date
    due_on: date
    answer: str
    answered_at: datetime | None
    closed_at: datetime | None


class ComplaintIn(In):
    subject: Text[80]
    kind: Text[12]
    words: Text[1000]


class ComplaintAnswerIn(In):
    answer: Text[1000]


class RatingOut(Out):
    about: str
    occasion: str
    stars: int
    words: str
    rated_on: date


def _complaint(row: Complaint) -> ComplaintOut:
    same = ("number", "kind", "status", "words", "received_on", "due_on", "answer", "answered_at", "closed_at")
    return ComplaintOut(subject=row.subject_text, **{name: getattr(row, name) for name in same})


def _rating(row: Rating) -> RatingOut:
    return RatingOut(about=row.about, occasion=row.occasion, stars=row.stars, words=row.words, rated_on=row.rated_on)


@router.get("/complaints", response=Page[ComplaintOut], summary="Complaints, newest first")
@needs(permissions.VIEW_COMPLAINTS)
def complaints(request: HttpRequest, status: str = "", cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    rows = Complaint.objects.filter(status=status) if status else Complaint.objects.all()
    return page_of(rows, cursor, limit, _complaint)


@router.get("/complaints/{number}", response=ComplaintOut, summary="One complaint")
@needs(permissions.VIEW_COMPLAINTS)
def complaint(request: HttpRequest, number: str) -> ComplaintOut:
    return _complaint(queries.complaint(number))


@router.post("/complaints", response={201: ComplaintOut}, summary="Take a customer's complaint down")
@needs(permissions.FILE_COMPLAINT)
def complain(request: HttpRequest, payload: ComplaintIn) -> Status[ComplaintOut]:
    return Status(201, _complaint(file_complaint(**payload.dict(), business_date=business_date.current(), by=request.actor)))


@router.post("/complaints/{number}/answer", response=ComplaintOut, summary="Answer a complaint")
@needs(permissions.ANSWER_COMPLAINT)
def answer(request: HttpRequest, number: str, payload: ComplaintAnswerIn) -> ComplaintOut:
    return _complaint(answer_complaint(complaint_number=number, answer=payload.answer, by=request.actor))


@router.post("/complaints/{number}/close", response=ComplaintOut, summary="Close an answered complaint")
@needs(permissions.CLOSE_COMPLAINT)
def close(request: HttpRequest, number: str) -> ComplaintOut:
    return _complaint(close_complaint(complaint_number=number, by=request.actor))


@router.get("/ratings", response=Page[RatingOut], summary="What customers gave, newest first")
@needs(permissions.VIEW_RATINGS)
def ratings(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return page_of(Rating.objects.all(), cursor, limit, _rating)
