"""Printed papers over REST."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from chezhe.contracts import permissions, queries
from chezhe.contracts.actions.export_evidence import export_evidence
from chezhe.contracts.actions.remake_papers import remake_papers
from chezhe.contracts.actions.reprint_paper import reprint_paper
from chezhe.contracts.api.contracts import ContractOut, ReasonIn, contract_out, router
from chezhe.contracts.signing import proving
from chezhe.documents.actions.open_document import open_document
from chezhe.documents.responses import file_response
from chezhe.kernel.doors import needs

_ARCHIVE = {"responses": {200: {"description": "OK", "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}}}
_PDF = {"responses": {200: {"description": "OK", "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}}}


@router.post("/contracts/{number}/papers/{code}/reprint", response={202: ContractOut}, summary="Print a paper again under the next number")
@needs(permissions.REPRINT)
def reprint(request: HttpRequest, number: str, code: str, payload: ReasonIn) -> tuple[int, dict[str, Any]]:
    reprint_paper(contract_number=number, code=code, reason=payload.reason, by=request.actor)
    return 202, contract_out(request, number)


@router.post("/contracts/{number}/papers", response={202: ContractOut}, summary="Make the set again that the press could not make")
@needs(permissions.PREPARE)
def remake(request: HttpRequest, number: str) -> tuple[int, dict[str, Any]]:
    remake_papers(contract_number=number, by=request.actor)
    return 202, contract_out(request, number)


@router.get("/contracts/{number}/evidence", summary="Everything that proves a contract, as one archive", openapi_extra=_ARCHIVE)
@needs(permissions.EXPORT_EVIDENCE)
def evidence(request: HttpRequest, number: str) -> HttpResponse:
    pack = export_evidence(contract_number=number, by=request.actor)
    return HttpResponse(pack.data, content_type="application/zip", headers={"Content-Disposition": f'attachment; filename="{pack.name}"'})


@router.get("/contracts/{number}/papers/{kind}/signed", summary="A paper with electronic signatures that hold", openapi_extra=_PDF)
@needs(permissions.VIEW)
def signed_paper(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    file = proving.signed_file(queries.paper(number, kind, request.actor))
    opened = open_document(document_number=str(file.key), by=request.actor)
    return file_response(opened.file, opened.data, disposition="attachment")
