"""A customer's application: where it stands and since when, and what is to be done about it."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from chezhe.compliance import permissions as compliance_permissions
from chezhe.compliance.actions.grant_consent import grant_consent
from chezhe.documents import permissions as document_permissions
from chezhe.documents.actions.upload_document import upload_document
from chezhe.kernel import business_date, handles, moves
from chezhe.kernel.actor import BORROWER
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.origination import appealing, permissions
from chezhe.origination.actions.answer_wanted import answer_wanted
from chezhe.origination.actions.appeal_decision import appeal_decision
from chezhe.origination.actions.ask_human_review import ask_human_review
from chezhe.origination.actions.submit_application import submit_application
from chezhe.origination.models import Application
from chezhe.origination.states import APPLICATION
from chezhe.portal import cases, progress, queries, supplying
from chezhe.portal.forms_case import AnswerForm, PaperForm, WhyForm
from chezhe.portal.progress import Turn
from chezhe.portal.views.parts import evidence_of, refused
from chezhe.ui.forms import Form


@require_GET
@needs(permissions.VIEW, BORROWER)
def case(request: HttpRequest, handle: str) -> HttpResponse:
    """The stages, the days, and what the customer has to do now."""
    return render(request, "portal/m/case.html", _shown(request, handle))


def _shown(request: HttpRequest, handle: str) -> dict[str, Any]:
    row, contract = queries.case(request.actor, handles.subject_of(handle, "application"))
    is_own, is_signing = row.customer_id in request.actor.party_ids, contract is not None and contract.status == "prepared"
    turns = [Turn(move.moved_at, move.status_to) for move in moves.history(row.subject)]
    turns += [Turn(move.moved_at, move.status_to, True) for move in moves.history(contract.subject)] if contract else []
    reads_costs = contract is not None and is_signing and contract.needs_cost_sheet and contract.cost_sheet_on is None
    loan = queries.loan_number_of(contract) if contract is not None else ""
    return {
        "application": row, "contract": contract, "card": cases.card_of(row, contract), "told": progress.told(turns),
        "can_supplement": is_own and row.is_editable, "can_answer": is_own and row.status == "approved",
        "reads_costs": is_own and reads_costs, "can_sign": is_signing and not reads_costs,
        "contest": _contest(row) if is_own else "", "why": WhyForm(), "loan": f"loan:{loan}" if loan else "",
    }


def _contest(row: Application) -> str:
    """What the customer may say against a no: a machine's is looked at by people (`review`), of people's the facts are asked for anew,
    once (`appeal`)."""
    if not APPLICATION.allows(row.status, "ask_review"):
        return ""
    if appealing.is_reviewable(row):
        return "review"
    return "appeal" if appealing.is_appealable(row) else ""


def own(request: HttpRequest, handle: str) -> Application:
    """The application behind a handle, if the customer is its borrower. Raises NotFound (404)."""
    row, _contract = queries.case(request.actor, handles.subject_of(handle, "application"))
    if row.customer_id not in request.actor.party_ids:
        raise NotFound(what=row.number)
    return row


@require_POST
@needs(permissions.CONTEST, BORROWER)
def contest(request: HttpRequest, handle: str) -> HttpResponse:
    """The customer wants people to look at what a machine decided alone, or appeals against what people decided."""
    row, form = own(request, handle), WhyForm(request.POST)
    act = ask_human_review if _contest(row) == "review" else appeal_decision
    if form.is_valid():
        try:
            act(
                application_number=row.number, reason=form.cleaned_data["reason"], business_date=business_date.current(), by=request.actor)
        except BusinessError as refusal:
            return refused(request, "portal/m/case.html", form, refusal, {**_shown(request, handle), "why": form})
        return redirect(request.portal.url("case", handles.handle_of(row.subject)))
    return render(request, "portal/m/case.html", {**_shown(request, handle), "why": form}, status=422)


@require_GET
@needs(permissions.WRITE, BORROWER)
def supplement(request: HttpRequest, handle: str) -> HttpResponse:
    """What is still to be brought, one thing after another."""
    return render(request, "portal/m/supplement.html", _to_bring(own(request, handle)))


def _to_bring(row: Application) -> dict[str, Any]:
    return {"application": row, "bring": supplying.to_bring(row, business_date.current()), "form": None}


def _again(request: HttpRequest, row: Application, form: Form, refusal: BusinessError | None) -> HttpResponse:
    """The page with what went wrong above it; what was brought before is all there."""
    if refusal is not None:
        return refused(request, "portal/m/supplement.html", form, refusal, {**_to_bring(row), "form": form})
    return render(request, "portal/m/supplement.html", {**_to_bring(row), "form": form}, status=422)


def _back(request: HttpRequest, row: Application) -> HttpResponse:
    return redirect(request.portal.url("supplement", handles.handle_of(row.subject)))


@require_POST
@needs(document_permissions.UPLOAD, BORROWER)
def upload(request: HttpRequest, handle: str) -> HttpResponse:
    """One paper that is wanted."""
    row, form = own(request, handle), PaperForm(request.POST, request.FILES)
    if not form.is_valid() or form.cleaned_data["category"] not in supplying.to_bring(row, business_date.current()).categories:
        return _again(request, row, form, None)
    given: UploadedFile | None = form.cleaned_data["file"]
    try:
        upload_document(subject=row.subject, category_code=form.cleaned_data["category"], upload=given, by=request.actor)
    except BusinessError as refusal:
        return _again(request, row, form, refusal)
    return _back(request, row)


@require_POST
@needs(permissions.WRITE, BORROWER)
def answer(request: HttpRequest, handle: str) -> HttpResponse:
    """What the customer says to something that is wanted and is no paper."""
    row, form = own(request, handle), AnswerForm(request.POST)
    if not form.is_valid():
        return _again(request, row, form, None)
    said = form.cleaned_data
    try:
        answer_wanted(application_number=row.number, wanted_id=said["wanted"], answer=said["answer"], by=request.actor)
    except BusinessError as refusal:
        return _again(request, row, form, refusal)
    return _back(request, row)


@require_POST
@needs(compliance_permissions.GRANT_CONSENT, BORROWER)
def agree(request: HttpRequest, handle: str, kind: str) -> HttpResponse:
    """One consent that the application needs, by itself."""
    row, today = own(request, handle), business_date.current()
    if kind not in {one.kind for one in supplying.to_bring(row, today).agreements}:
        raise NotFound(what=kind)
    grant_consent(
        subject=row.customer.subject, kind=kind, channel="online", evidence=evidence_of(request),
        business_date=today, by=request.actor)
    return _back(request, row)


@require_POST
@needs(permissions.WRITE, BORROWER)
def submit(request: HttpRequest, handle: str) -> HttpResponse:
    """Hand the application in, or back to where it was sent back from."""
    row, form = own(request, handle), Form(request.POST)
    try:
        submit_application(application_number=row.number, version=row.version, business_date=business_date.current(), by=request.actor)
    except BusinessError as refusal:
        return _again(request, row, form, refusal)
    return redirect(request.portal.url("case", handles.handle_of(row.subject)))
