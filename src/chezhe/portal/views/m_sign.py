"""Before money: the cost sheet is read and confirmed, then the contract's papers are read and signed."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.contracts import permissions
from chezhe.contracts import steps as contract_steps
from chezhe.contracts.actions.confirm_cost_sheet import ON_SCREEN, confirm_cost_sheet
from chezhe.contracts.actions.open_cost_sheet import open_cost_sheet
from chezhe.contracts.actions.sign_papers import sign_papers
from chezhe.contracts.costs import queries as cost_queries
from chezhe.contracts.costs import rules as cost_rules
from chezhe.contracts.costs.models import CostReading
from chezhe.contracts.forms import AgreeForm
from chezhe.contracts.models import Contract, ContractParty
from chezhe.contracts.signing import queries as signing_queries
from chezhe.contracts.signing.steps import Place
from chezhe.documents import vault
from chezhe.documents.responses import file_response
from chezhe.kernel import business_date, clock, handles
from chezhe.kernel.actor import BORROWER
from chezhe.kernel.client_address import client_ip
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.portal import queries
from chezhe.portal.views.parts import has_code, refused
from chezhe.staff.rules import device_of
from chezhe.ui.forms import Form


def _own(request: HttpRequest, number: str) -> Contract:
    found = queries.contract(request.actor, number)
    contract_steps.require_own(found, request.actor)
    return found


@require_GET
@needs(permissions.READ_COST_SHEET, BORROWER)
def costs(request: HttpRequest, handle: str) -> HttpResponse:
    """What the loan costs, and the way to read it; once confirmed, when."""
    found = _own(request, handles.subject_of(handle, "contract"))
    return render(request, "portal/m/costs.html", _costs(found))


def _costs(found: Contract) -> dict[str, Any]:
    sheet = cost_queries.sheet_of(found)
    return {
        "contract": found, "sheet": sheet, "is_open": found.status == "prepared" and found.cost_sheet_on is None, "form": None,
        "items": [item for item in sheet.listed if not item.is_contingent] if sheet else [],
        "contingent": [item for item in sheet.listed if item.is_contingent] if sheet else [],
        "paper": f"contract_paper:{found.number}/{sheet.code}" if sheet else "",
    }


@require_POST
@needs(permissions.READ_COST_SHEET, BORROWER)
def open_costs(request: HttpRequest, handle: str) -> HttpResponse:
    """The customer begins to read; from now on the time is counted here, not on the phone."""
    found, form = _own(request, handles.subject_of(handle, "contract")), Form(request.POST)
    device = hashlib.sha256((request.device or request.headers.get("User-Agent", "")).encode()).hexdigest()
    try:
        opened = open_cost_sheet(contract_number=found.number, device_mark=device, by=request.actor)
    except BusinessError as refusal:
        return refused(request, "portal/m/costs.html", form, refusal, {**_costs(found), "form": form})
    return redirect(request.portal.url("read_costs", handles.handle_of(f"reading:{found.number}/{opened.key}")))


def _reading(request: HttpRequest, handle: str) -> CostReading:
    number, _slash, key = handles.subject_of(handle, "reading").partition("/")
    return cost_queries.reading(_own(request, number), key)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(permissions.CONFIRM_COSTS, BORROWER)
def read_costs(request: HttpRequest, handle: str) -> HttpResponse:
    """Every item; confirmed when the time that the rules ask for is over."""
    opened, today, form = _reading(request, handle), business_date.current(), Form(request.POST or None)
    found = opened.sheet.contract
    context = {**_costs(found), "reading": opened, "left": _left(opened), "here": request.path}
    if request.method == "POST":
        try:
            confirm_cost_sheet(
                contract_number=found.number, confirmed_on=today, channel=ON_SCREEN, reading=opened.key, code=request.POST.get("code", ""),
                business_date=today, by=request.actor)
        except BusinessError as refusal:
            return refused(request, "portal/m/read_costs.html", form, refusal, {**context, "form": form})
        return redirect(request.portal.url("sign", handles.handle_of(found.subject)))
    return render(request, "portal/m/read_costs.html", context)


def _left(opened: CostReading) -> int:
    return cost_rules.seconds_left(opened.opened_at, clock.now(), cost_queries.seconds_asked(business_date.current()))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(permissions.SIGN_PAPERS, BORROWER)
def sign(request: HttpRequest, handle: str) -> HttpResponse:
    """The papers to read, and one yes to all of them, with a code that was asked for this contract."""
    found = queries.contract(request.actor, handles.subject_of(handle, "contract"))
    form = AgreeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        place = Place(device_of(request.headers.get("User-Agent", ""))[:80], client_ip(request) or "")
        try:
            sign_papers(
                contract_number=found.number, agrees=form.cleaned_data["agrees"], place=place, business_date=business_date.current(),
                by=request.actor)
        except BusinessError as refusal:
            return refused(request, "portal/m/sign.html", form, refusal, _signing(request, found))
        return redirect(request.portal.url("sign", handles.handle_of(found.subject)))
    return render(request, "portal/m/sign.html", {"form": form, **_signing(request, found)}, status=422 if form.errors else 200)


def _signing(request: HttpRequest, found: Contract) -> dict[str, Any]:
    standing = signing_queries.standing(found)
    party = _party(standing, request)
    own = standing.required_of(party)
    rows = [(paper, f"contract_paper:{found.number}/{paper.code}", standing.signed(paper, party)) for paper in own]
    sealed = urlencode({"for": handles.handle_of(found.subject), "next": request.path})
    return {
        "contract": found, "party": party, "rows": rows, "is_open": found.status == "prepared",
        "costs_first": found.needs_cost_sheet and found.cost_sheet_on is None, "is_proved": has_code(request, found.subject),
        "is_done": bool(own) and not standing.pending_of(party), "is_waiting": bool(standing.ahead_of(party)),
        "is_asked": party.signings.filter(status="asked").exists(), "is_own": found.customer_id in request.actor.party_ids,
        "code_url": f"{request.portal.url('step_up')}?{sealed}", "application": found.application,
    }


def _party(standing: signing_queries.Standing, request: HttpRequest) -> ContractParty:
    """The part that this customer has: the one with papers still to sign first. Raises NotFound (404)."""
    own = [one for one in standing.parties.values() if one.customer_id in request.actor.party_ids]
    if not own:
        raise NotFound(what=standing.contract.number)
    return next((one for one in own if standing.pending_of(one)), own[0])


@require_GET
@needs(permissions.SIGN_PAPERS, BORROWER)
def paper(request: HttpRequest, handle: str) -> HttpResponse:
    """One of the papers that the customer signs, or the cost sheet, as it stands."""
    number, _slash, code = handles.subject_of(handle, "contract_paper").partition("/")
    found = queries.contract(request.actor, number)
    standing = signing_queries.standing(found)
    sheet = cost_queries.sheet_of(found)
    own = {one.code: one for one in standing.required_of(_party(standing, request))}
    wanted = own.get(code) or (sheet.paper if sheet is not None and sheet.code == code else None)
    if wanted is None:
        raise NotFound(what=code)
    file = signing_queries.current_files([wanted])[wanted.pk]
    return file_response(file, vault.read(file.key), disposition="inline")
