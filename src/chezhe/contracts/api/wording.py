"""The words of papers over REST."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse

from chezhe.contracts import permissions
from chezhe.contracts.actions.discard_template import discard_template
from chezhe.contracts.actions.draft_template import draft_template
from chezhe.contracts.actions.edit_template import edit_template
from chezhe.contracts.actions.publish_template import publish_template
from chezhe.contracts.actions.return_template import return_template
from chezhe.contracts.actions.submit_template import submit_template
from chezhe.contracts.actions.write_clause import write_clause
from chezhe.contracts.api.contracts import ReasonIn, router
from chezhe.contracts.wording import labels, previews, queries, steps
from chezhe.contracts.wording.models import ClauseVersion, TemplateVersion
from chezhe.contracts.wording.rules import as_json
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Day, Flag, In, Out, Page, Text, Whole, page_of, page_of_list


class ClauseUseIn(In):
    clause: Text[39]
    version: Whole
    when: Text[44] = ""


class ArticleIn(In):
    title: Text[60]
    block: Text[20] = ""
    is_strong: Flag = False
    clauses: list[ClauseUseIn]


class WordsIn(In):
    title: Text[60]
    before: Text[2000] = ""
    articles: list[ArticleIn]


class TemplateIn(WordsIn):
    effective_from: Day
    note: Text[1000] = ""
    based_on: Text[64] = ""


class DraftIn(In):
    kind: Text[24]
    from_number: Text[40] = ""


class ClauseIn(In):
    code: Text[39]
    name: Text[60]
    body: Text[2000]
    note: Text[200] = ""


class PublishTemplateIn(In):
    effective_from: Day
    opinion: Text[500] = ""


class TemplateOpinionIn(In):
    opinion: Text[500]


class TemplateFindingOut(Out):
    code: str
    where: str
    what: str
    is_error: bool
    sentence: str


class TemplateRowOut(Out):
    number: str
    kind: str
    version: int
    status: str
    effective_from: date
    content_hash: str
    drafted_by: str
    published_by: str
    approval_number: str


class TemplateOut(TemplateRowOut):
    content: dict[str, Any]
    findings: list[TemplateFindingOut]


class JudgedOut(Out):
    findings: list[TemplateFindingOut]


class ClauseOut(Out):
    code: str
    name: str
    version: int
    body: str
    note: str


@router.get("/templates", response=Page[TemplateRowOut], summary="Versions of the words of papers, newest first")
@needs(permissions.VIEW_TEMPLATES)
def templates(request: HttpRequest, kind: str = "", status: str = "", cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    rows = TemplateVersion.objects.all()
    rows = rows.filter(kind=kind) if kind else rows
    return page_of(rows.filter(status=status) if status else rows, cursor, limit, _row)


@router.post("/templates", response={201: TemplateOut}, summary="Begin a draft of a kind's words")
@needs(permissions.EDIT_TEMPLATE)
def begin(request: HttpRequest, payload: DraftIn) -> tuple[int, dict[str, Any]]:
    return 201, _template(draft_template(**payload.dict(), business_date=business_date.current(), by=request.actor))


@router.get("/templates/{number}", response=TemplateOut, summary="One version with what is wrong with it")
@needs(permissions.VIEW_TEMPLATES)
def template(request: HttpRequest, number: str) -> dict[str, Any]:
    return _template(queries.version_called(number))


@router.post("/templates/{number}/edit", response=TemplateOut, summary="Give a draft other words")
@needs(permissions.EDIT_TEMPLATE)
def edit(request: HttpRequest, number: str, payload: TemplateIn) -> dict[str, Any]:
    said = payload.dict()
    return _template(edit_template(
        version_number=number, wording=queries.read(_content(said)), effective_from=said["effective_from"], note=said["note"],
        based_on=said["based_on"], by=request.actor,
    ))


@router.post("/templates/{number}/judge", response=JudgedOut, summary="What lint says of words; nothing is saved")
@needs(permissions.VIEW_TEMPLATES)
def judge(request: HttpRequest, number: str, payload: WordsIn) -> dict[str, Any]:
    return {"findings": _findings(queries.version_called(number).kind, queries.read(_content(payload.dict())))}


_PICTURE = {"responses": {200: {"description": "The page", "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}}}}


@router.get("/templates/{number}/samples/{sample}/{page}", summary="A page of a sample paper as a picture", openapi_extra=_PICTURE)
@needs(permissions.VIEW_TEMPLATES)
def picture(request: HttpRequest, number: str, sample: int, page: int) -> HttpResponse:
    version = queries.version_called(number)
    return HttpResponse(previews.picture(version, sample, page), content_type="image/png")


@router.post("/templates/{number}/submit", response=TemplateOut, summary="Ask for words to be published")
@needs(permissions.EDIT_TEMPLATE)
def submit(request: HttpRequest, number: str) -> dict[str, Any]:
    return _template(submit_template(version_number=number, business_date=business_date.current(), by=request.actor))


@router.post("/templates/{number}/discard", response=TemplateOut, summary="Give a draft up")
@needs(permissions.EDIT_TEMPLATE)
def discard(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _template(discard_template(version_number=number, reason=payload.reason, by=request.actor))


@router.post("/templates/{number}/publish", response=TemplateOut, summary="Publish words (second person)")
@needs(permissions.PUBLISH_TEMPLATE)
def publish(request: HttpRequest, number: str, payload: PublishTemplateIn) -> dict[str, Any]:
    return _template(publish_template(version_number=number, **payload.dict(), business_date=business_date.current(), by=request.actor))


@router.post("/templates/{number}/return", response=TemplateOut, summary="Send words back to their writer")
@needs(permissions.PUBLISH_TEMPLATE)
def send_back(request: HttpRequest, number: str, payload: TemplateOpinionIn) -> dict[str, Any]:
    return _template(return_template(version_number=number, opinion=payload.opinion, by=request.actor))


@router.get("/clauses", response=Page[ClauseOut], summary="The library of clauses in their newest versions")
@needs(permissions.VIEW_TEMPLATES)
def clauses(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return page_of_list(queries.library(), cursor, limit, _clause)


@router.post("/clauses", response={201: ClauseOut}, summary="Give a clause its next version, or begin one")
@needs(permissions.EDIT_TEMPLATE)
def write(request: HttpRequest, payload: ClauseIn) -> tuple[int, dict[str, Any]]:
    return 201, _clause(write_clause(**payload.dict(), by=request.actor))


def _content(said: dict[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in ("title", "before", "articles")}


def _row(version: TemplateVersion) -> dict[str, Any]:
    same = ("number", "kind", "version", "status", "effective_from", "content_hash", "approval_number")
    return {"drafted_by": version.drafted_by_name, "published_by": version.published_by_name,
            **{name: getattr(version, name) for name in same}}


def _template(version: TemplateVersion) -> dict[str, Any]:
    return {**_row(version), "content": as_json(version.wording), "findings": _findings(version.kind, version.wording)}


def _findings(kind: str, wording: Any) -> list[dict[str, Any]]:
    return [{"code": one.code, "where": one.where, "what": one.what, "is_error": one.is_error, "sentence": labels.sentence_of(one)}
            for one in steps.judged(kind, wording)]


def _clause(row: ClauseVersion) -> dict[str, Any]:
    return {"code": row.clause.code, "name": row.clause.name, "version": row.version, "body": row.body, "note": row.note}
