"""What was changed, what the reviewer wants, and a new application from an old one."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from chezhe.kernel import business_date, rest
from chezhe.kernel.doors import needs
from chezhe.origination import permissions
from chezhe.origination.actions.answer_wanted import answer_wanted
from chezhe.origination.actions.copy_application import copy_application
from chezhe.origination.api.deciding import NothingIn
from chezhe.origination.api.shapes import ApplicationOut, router, rows_of, shape
from chezhe.origination.revising import wanting, words


class EditOut(rest.Out):
    """One field of one edit, in the caller's language."""

    at: datetime
    who: str
    version: int
    field: str
    label: str
    before: str
    after: str


class DifferenceOut(rest.Out):
    label: str
    before: str
    after: str


class WantedOut(rest.Out):
    """Something that the reviewer wants: a paper is brought by filing it, a field by changing it, the rest by an answer."""

    id: int
    kind: str
    code: str
    words: str
    asked_by: str
    asked_at: datetime
    answer: str
    is_brought: bool


class AnswerIn(rest.In):
    answer: rest.Text[200]


@router.get("/{number}/changes", response=rest.Page[EditOut], summary="Every edit of a field, newest first")
@needs(permissions.VIEW)
def changes(request: HttpRequest, number: str, cursor: str = "", limit: int = rest.PAGE_SIZE) -> dict[str, Any]:
    return rest.page_of(rows_of(request).fetch(number).changes.all(), cursor, limit, words.line)


@router.get("/{number}/differences", response=list[DifferenceOut], summary="What is another one than at the submission before")
@needs(permissions.VIEW)
def differences(request: HttpRequest, number: str) -> list[dict[str, str]]:
    found = words.since_last_submission(rows_of(request).fetch(number))
    return [{"label": str(one.label), "before": str(one.before), "after": str(one.after)} for one in found]


@router.get("/{number}/wanted", response=list[WantedOut], summary="What reviewers wanted, and what of it has been brought")
@needs(permissions.VIEW)
def wanted(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    return [
        {"asked_by": one.wanted.asked_by_name, "is_brought": one.is_brought}
        | {name: getattr(one.wanted, name) for name in ("id", "kind", "code", "words", "asked_at", "answer")}
        for one in wanting.asked_before(rows_of(request).fetch(number))
    ]


@router.post("/{number}/wanted/{wanted_id}/answer", response=ApplicationOut, summary="Answer something that the reviewer wants")
@needs(permissions.WRITE)
def answer(request: HttpRequest, number: str, wanted_id: int, payload: AnswerIn) -> dict[str, Any]:
    return shape(answer_wanted(application_number=number, wanted_id=wanted_id, answer=payload.answer, by=request.actor))


@router.post("/{number}/copy", response={201: ApplicationOut}, summary="A new draft with the same customer, car and figures")
@needs(permissions.WRITE)
def copy(request: HttpRequest, number: str, payload: NothingIn) -> tuple[int, dict[str, Any]]:
    return 201, shape(copy_application(application_number=number, business_date=business_date.current(), by=request.actor))
