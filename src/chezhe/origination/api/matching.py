"""Papers that were read beside what is on file."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from chezhe.kernel import business_date, rest
from chezhe.kernel.doors import needs
from chezhe.origination import permissions
from chezhe.origination.actions.compare_paper import compare_paper
from chezhe.origination.actions.keep_typed import keep_typed
from chezhe.origination.actions.take_from_paper import take_from_paper
from chezhe.origination.api.shapes import ApplicationOut, router, rows_of, shape
from chezhe.origination.matching import comparing


class PaperOut(rest.Out):
    """One paper of an application that was read; `conflicts` are differences that nobody has judged."""

    document: str
    category: str
    status: str
    why: str
    agreeing: int
    missing: int
    conflicts: int
    unsure: int


class MatchOut(rest.Out):
    """One field beside what is on file: `state` is agrees, empty, differs or alone; `seen` goes back with a verdict."""

    field: str
    label: str
    value: str
    confidence_percent: int
    is_sure: bool
    fault: str
    standing: str
    state: str
    may_take: bool
    seen: str
    verdict: str
    judged_by: str
    judged_at: datetime | None


class SeenIn(rest.In):
    """What stood there when it was judged, as the comparison said."""

    seen: rest.Text[16]


@router.get("/{number}/papers", response=list[PaperOut], summary="The papers that were read, and how they agree with the files")
@needs(permissions.VIEW)
def papers(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    return [
        {"document": str(one.reading.file.key), "category": one.reading.file.category, "status": one.reading.status, "why": one.reading.why,
         "agreeing": one.agreeing, "missing": one.missing, "conflicts": one.conflicts, "unsure": one.unsure}
        for one in comparing.summaries(rows_of(request).fetch(number))
    ]


@router.get("/{number}/papers/{document_id}", response=list[MatchOut], summary="What was read of a paper beside what is on file, in full")
@needs(permissions.COMPARE)
def paper(request: HttpRequest, number: str, document_id: str) -> list[dict[str, Any]]:
    found = compare_paper(application_number=number, document_number=document_id, by=request.actor)
    return [_match(one) for one in found.matches]


def _match(one: comparing.Match) -> dict[str, Any]:
    field = one.field
    return {
        "field": field.name, "label": str(one.label), "value": one.value, "confidence_percent": field.confidence_percent,
        "is_sure": field.is_sure, "fault": str(one.fault), "standing": one.standing, "state": one.state, "may_take": one.may_take,
        "seen": one.seen, "verdict": field.verdict, "judged_by": field.judged_by_name, "judged_at": field.judged_at,
    }


@router.post("/{number}/papers/{document_id}/{field}/take", response=ApplicationOut, summary="Take one field over from a paper")
@needs(permissions.WRITE)
def take(request: HttpRequest, number: str, document_id: str, field: str, payload: SeenIn) -> dict[str, Any]:
    return shape(take_from_paper(
        application_number=number, document_number=document_id, field=field, seen=payload.seen, business_date=business_date.current(),
        by=request.actor,
    ))


@router.post("/{number}/papers/{document_id}/{field}/keep", response=ApplicationOut, summary="What is on file is right, not the paper")
@needs(permissions.WRITE)
def keep(request: HttpRequest, number: str, document_id: str, field: str, payload: SeenIn) -> dict[str, Any]:
    return shape(keep_typed(
        application_number=number, document_number=document_id, field=field, seen=payload.seen, by=request.actor))
