"""Documents over the API."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, UploadedFile

from chezhe.documents import catalogue, kinds, permissions, queries
from chezhe.documents.actions.open_document import open_document
from chezhe.documents.actions.open_reading import open_reading
from chezhe.documents.actions.read_again import read_again
from chezhe.documents.actions.remove_document import remove_document
from chezhe.documents.actions.upload_document import upload_document
from chezhe.documents.models import PaperReading
from chezhe.documents.reading import queries as readings
from chezhe.documents.responses import file_response
from chezhe.kernel import rest
from chezhe.kernel.doors import needs

router = Router()
_KINDS = [kind.content_type.split(";")[0] for kind in kinds.BY_CODE.values()]
_BYTES = {
    "responses": {
        200: {"description": "The file", "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in _KINDS}}
    }
}


class CategoryOut(rest.Out):
    code: str
    label: str
    group: str
    retention: str
    kinds: list[str]
    is_of_record: bool


class DocumentOut(rest.Out):
    id: str
    subject: str
    category: str
    category_label: str
    kind: str
    size: int
    sha256: str
    width: int
    height: int
    pages: int
    retention: str
    is_of_record: bool
    uploaded_by: str
    uploaded_at: datetime


class ReadFieldOut(rest.Out):
    """One field as it was read; `confidence_percent` is the service's own estimate, `fault` what the number's own rules say."""

    name: str
    label: str
    value: str
    confidence_percent: int
    is_sure: bool
    fault: str
    verdict: str


class ReadingOut(rest.Out):
    """`status` is waiting, read, unreadable or given_up; `why` says why nothing was read."""

    document: str
    kind: str
    status: str
    why: str
    asked_at: datetime
    answered_at: datetime | None
    fields: list[ReadFieldOut]


class DocumentPage(rest.Out):
    items: list[DocumentOut]
    next_cursor: str | None = None


class RemovalIn(rest.In):
    reason: rest.Text[200]


@router.get("/categories", response=list[CategoryOut], summary="The categories of documents")
@needs(permissions.VIEW)
def categories(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {"code": c.code, "label": str(c.label), "group": c.group, "retention": c.retention, "kinds": sorted(c.kinds),
         "is_of_record": c.is_of_record}
        for c in catalogue.BY_CODE.values()
    ]


@router.get("", response=DocumentPage, summary="The documents of one subject")
@needs(permissions.VIEW)
def documents(request: HttpRequest, subject: str, cursor: str = "", limit: int = rest.PAGE_SIZE) -> dict[str, Any]:
    return rest.page_of(queries.for_actor(subject, request.actor), cursor, limit, queries.shape)


@router.post("", response={201: DocumentOut}, summary="Upload a document (multipart)")
@needs(permissions.UPLOAD)
def upload(request: HttpRequest, subject: Form[str], category: Form[str], file: File[UploadedFile]) -> tuple[int, dict[str, Any]]:
    stored = upload_document(subject=subject, category_code=category, upload=file, by=request.actor)
    return 201, queries.shape(stored)


@router.get("/{document_id}", response=DocumentOut, summary="What is known of a document")
@needs(permissions.VIEW)
def document(request: HttpRequest, document_id: str) -> dict[str, Any]:
    return queries.shape(queries.fetch(document_id, request.actor))


@router.get("/{document_id}/content", summary="The bytes of a document", openapi_extra=_BYTES)
@needs(permissions.VIEW)
def content(request: HttpRequest, document_id: str) -> HttpResponse:
    opened = open_document(document_number=document_id, by=request.actor)
    return file_response(opened.file, opened.data, disposition="attachment")


@router.post("/{document_id}/remove", response=DocumentOut, summary="Remove a document")
@needs(permissions.REMOVE)
def remove(request: HttpRequest, document_id: str, payload: RemovalIn) -> dict[str, Any]:
    return queries.shape(remove_document(document_number=document_id, reason=payload.reason, by=request.actor))


@router.get("/{document_id}/reading", response=ReadingOut, summary="What was read of a paper, in full")
@needs(permissions.OPEN_READING)
def reading(request: HttpRequest, document_id: str) -> dict[str, Any]:
    return _reading(open_reading(document_number=document_id, by=request.actor))


@router.post("/{document_id}/reading", response=ReadingOut, summary="Have a paper read again")
@needs(permissions.READ_AGAIN)
def again(request: HttpRequest, document_id: str) -> dict[str, Any]:
    return _reading(read_again(document_number=document_id, by=request.actor))


def _reading(one: PaperReading) -> dict[str, Any]:
    fields = [
        {"name": f.name, "label": str(f.label), "value": f.value, "confidence_percent": f.confidence_percent, "is_sure": f.is_sure,
         "fault": str(f.fault), "verdict": f.verdict} for f in readings.shown(one, in_full=True)
    ]
    same = ("kind", "status", "why", "asked_at", "answered_at")
    return {name: getattr(one, name) for name in same} | {"document": str(one.file.key), "fields": fields}
