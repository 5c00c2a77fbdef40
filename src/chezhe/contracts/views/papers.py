"""Printed papers on the screen, as they were printed."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chezhe.contracts import papers, permissions, queries
from chezhe.contracts.actions.export_evidence import export_evidence
from chezhe.contracts.actions.remake_papers import remake_papers
from chezhe.contracts.actions.reprint_paper import reprint_paper
from chezhe.contracts.forms import ReasonForm
from chezhe.contracts.models import ContractPaper
from chezhe.contracts.papers.forms import COST_SHEET
from chezhe.contracts.printing import pressing
from chezhe.documents.papers import press
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError, NotFound


@require_GET
@needs(permissions.VIEW)
def paper(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """A paper page by page, drawn from what was kept of it."""
    return render(request, "contracts/paper.html", _context(request, queries.paper(number, kind, request.actor), ReasonForm()))


def _context(request: HttpRequest, found: ContractPaper, form: ReasonForm) -> dict[str, Any]:
    may = request.actor.can(permissions.REPRINT.code) and found.voided_at is None and found.kind != COST_SHEET
    is_running = found.contract.status not in ("void", "settled")
    return {"paper": found, "contract": found.contract, "pages": range(1, (found.file.pages or 0) + 1), "form": form,
            "can_reprint": may and is_running,
            "can_seal": request.actor.can(permissions.ASK_SEAL.code) and queries.counts(found)}


@require_GET
@needs(permissions.VIEW)
def paper_page(request: HttpRequest, number: str, kind: str, page: int) -> HttpResponse:
    """One page as a picture."""
    found = queries.paper(number, kind, request.actor)
    pages = press.pictures_of(papers.template(found.template), pressing.dressed(json.loads(found.data)))
    if not 1 <= page <= len(pages):
        raise NotFound(what=page)
    return HttpResponse(pages[page - 1], content_type="image/png", headers={"Cache-Control": "private, max-age=300"})


@require_POST
@needs(permissions.REPRINT)
def reprint(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """Have the paper printed again under the next number."""
    form = ReasonForm(request.POST)
    if form.carries_out(
        lambda: reprint_paper(contract_number=number, code=kind, reason=form.cleaned_data["reason"], by=request.actor)
    ):
        messages.success(request, _("已开始补打，制成后旧的一份作废。"))
        return redirect("contracts:contract", number)
    return render(request, "contracts/paper.html", _context(request, queries.paper(number, kind, request.actor), form), status=422)


@require_GET
@needs(permissions.VIEW)
def printing(request: HttpRequest, number: str) -> HttpResponse:
    """What of the contract's page changes while its papers are made."""
    found = queries.contract(number, request.actor)
    return render(request, "contracts/printing.html", {"contract": found, "run": queries.print_run(found)})


@require_POST
@needs(permissions.PREPARE)
def remake(request: HttpRequest, number: str) -> HttpResponse:
    """Try again what the press could not do."""
    try:
        remake_papers(contract_number=number, by=request.actor)
    except BusinessError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已开始重新制作。"))
    return redirect("contracts:contract", number)


@require_GET
@needs(permissions.EXPORT_EVIDENCE)
def evidence(request: HttpRequest, number: str) -> HttpResponse:
    """The archive, as an attachment; every taking stands in the trail."""
    pack = export_evidence(contract_number=number, by=request.actor)
    return HttpResponse(pack.data, content_type="application/zip", headers={
        "Content-Disposition": f'attachment; filename="{pack.name}"', "Cache-Control": "no-store", "X-Content-SHA256": pack.digest})
