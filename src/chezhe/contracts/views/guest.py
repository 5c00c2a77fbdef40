"""Signing from afar, on a phone: the link, the code, the papers, yes or no."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from chezhe.compliance import queries as compliance_queries
from chezhe.contracts import permissions
from chezhe.contracts.actions.enter_by_code import enter_by_code
from chezhe.contracts.actions.refuse_to_sign import refuse_to_sign
from chezhe.contracts.actions.send_signing_code import send_signing_code
from chezhe.contracts.actions.sign_papers import sign_papers
from chezhe.contracts.forms import AgreeForm, CodeForm, ReasonForm
from chezhe.contracts.middleware import COOKIE
from chezhe.contracts.models import SigningLink
from chezhe.contracts.signing import errors, guests, queries, rules
from chezhe.contracts.signing.steps import Place
from chezhe.documents import vault
from chezhe.kernel import business_date
from chezhe.kernel.actor import GUEST
from chezhe.kernel.client_address import client_ip
from chezhe.kernel.doors import needs, uncounted
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.staff.rules import device_of
from chezhe.ui.forms import Form


def place_of(request: HttpRequest) -> Place:
    """From where somebody signs."""
    return Place(device_of(request.headers.get("User-Agent", ""))[:80], client_ip(request) or "")


@require_GET
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Where a link leads: who asks for a signature, and to which mobile the code goes. Everything wrong is the same 404."""
    found = queries.link_of_token(token)
    return render(request, "contracts/guest/link.html", _of_link(found, token))


@uncounted
@require_POST
def send_code(request: HttpRequest) -> HttpResponse:
    """A code to the party's own mobile. The token comes in the form, so that it stands in no log of addresses."""
    token = request.POST.get("token", "")
    found = queries.link_of_token(token)
    context = {**_of_link(found, token), "form": CodeForm()}
    try:
        sent = send_signing_code(asked_from=client_ip(request) or "", by=guests.actor_of(found))
    except BusinessError as refusal:
        asked = Form(request.POST)
        asked.refuse(guests.reworded(refusal))
        template = "contracts/guest/code.html" if found.codes.exists() else "contracts/guest/link.html"
        return render(request, template, {**context, "asked": asked}, status=refusal.http_status)
    return render(request, "contracts/guest/code.html", {**context, "demo_code": sent.code if settings.DEMO_LOGINS else ""})


@uncounted
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """The code: a right one opens the papers in this browser, and the link nowhere else any more."""
    token = request.POST.get("token", "")
    found = queries.link_of_token(token)
    form, context = CodeForm(request.POST), _of_link(found, token)
    if not form.is_valid():
        return render(request, "contracts/guest/code.html", {**context, "form": form}, status=422)
    entry = enter_by_code(typed=form.cleaned_data["typed"], place=place_of(request), by=guests.actor_of(found))
    if not entry.token:
        return _refused(request, "contracts/guest/code.html", form, wrong(entry.left), context)
    rotate_token(request)
    response = redirect("contracts:guest")
    response.set_cookie(
        COOKIE, entry.token, max_age=int(rules.SITTING_LASTS.total_seconds()), path="/", secure=settings.IS_PRODUCTION, httponly=True,
        samesite="Lax",
    )
    return response


def wrong(left: int) -> BusinessError:
    """What is said of a wrong code."""
    return errors.CodeWrong(left=left) if left else errors.LinkEnded()


@require_GET
@needs(permissions.SIGN_PAPERS, GUEST)
def papers(request: HttpRequest) -> HttpResponse:
    """What there is to read and to sign."""
    return render(request, "contracts/guest/papers.html", _of_sitting(request, AgreeForm(), ReasonForm()))


@require_GET
@needs(permissions.SIGN_PAPERS, GUEST)
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """One paper as it stands, by its code."""
    _standing, _party, own = queries.own_papers(request.signing_link)
    found = next((one for one in own if one.code == code), None)
    if found is None:
        raise NotFound(what=code)
    file = queries.current_files([found])[found.pk]
    headers = {"Content-Disposition": f'inline; filename="{found.kind}.pdf"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(vault.read(file.key), content_type="application/pdf", headers=headers)


@require_POST
@needs(permissions.SIGN_PAPERS, GUEST)
def sign(request: HttpRequest) -> HttpResponse:
    """Yes."""
    form, at_link = AgreeForm(request.POST), request.signing_link
    if form.is_valid():
        try:
            sign_papers(
                contract_number=at_link.contract.number, agrees=form.cleaned_data["agrees"], place=place_of(request),
                business_date=business_date.current(), by=request.actor)
        except BusinessError as refusal:
            return _refused(request, "contracts/guest/papers.html", form, refusal, _of_sitting(request, form, ReasonForm()))
        return render(request, "contracts/guest/done.html", {"is_signed": True})
    return render(request, "contracts/guest/papers.html", _of_sitting(request, form, ReasonForm()), status=422)


@require_POST
@needs(permissions.USE_LINK, GUEST)
def refuse(request: HttpRequest) -> HttpResponse:
    """No."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return render(request, "contracts/guest/papers.html", _of_sitting(request, AgreeForm(), form), status=422)
    refuse_to_sign(reason=form.cleaned_data["reason"], by=request.actor)
    return render(request, "contracts/guest/done.html", {"is_signed": False})


def _of_link(found: SigningLink, token: str) -> dict[str, Any]:
    return {
        "token": token, "tail": found.mobile_tail, "lender": compliance_queries.lender().name, "expires_at": found.expires_at,
        "who": found.party.customer.masked_name,
    }


def _of_sitting(request: HttpRequest, form: Form, reason: Form) -> dict[str, Any]:
    at_link = request.signing_link
    standing, party, own = queries.own_papers(at_link)
    return {
        "papers": [(one, standing.signed(one, party)) for one in own], "party": party, "form": form, "reason": reason,
        "contract": at_link.contract, "lender": compliance_queries.lender().name,
        "is_waiting": bool(standing.ahead_of(party)), "is_asked": party.signings.filter(status="asked").exists(),
    }


def _refused(request: HttpRequest, template: str, form: Form, refusal: BusinessError, context: dict[str, Any]) -> HttpResponse:
    told = guests.reworded(refusal)
    form.refuse(told)
    return render(request, template, {**context, "form": form}, status=told.http_status)
