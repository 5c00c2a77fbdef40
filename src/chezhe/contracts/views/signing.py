"""Who has signed what, for the staff: links, sittings, and whether the signatures in a paper hold."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chezhe.contracts import permissions, queries, vocabulary
from chezhe.contracts.actions.end_link import end_link
from chezhe.contracts.actions.invite_to_sign import invite_to_sign
from chezhe.contracts.actions.retry_signing import retry_signing
from chezhe.contracts.forms import InviteForm, ReasonForm
from chezhe.contracts.models import Contract
from chezhe.contracts.signing import proving
from chezhe.contracts.signing import queries as signing_queries
from chezhe.documents.actions.open_document import open_document
from chezhe.documents.responses import file_response
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError


@require_GET
@needs(permissions.VIEW)
def signing(request: HttpRequest, number: str) -> HttpResponse:
    """Every party and every paper."""
    return render(request, "contracts/signing.html", _context(request, queries.contract(number, request.actor)))


@require_POST
@needs(permissions.SIGN)
def invite(request: HttpRequest, number: str) -> HttpResponse:
    """Send a link; its address is shown this once."""
    found = queries.contract(number, request.actor)
    context = _context(request, found)
    form = InviteForm(request.POST, choices=context["choices"])
    if form.is_valid():
        try:
            made = invite_to_sign(
                contract_number=number, customer_number=form.cleaned_data["customer_number"], business_date=business_date.current(),
                by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return render(request, "contracts/signing.html", {**_context(request, found), "invitation": made})
    return render(request, "contracts/signing.html", {**context, "invite_form": form}, status=422)


@require_POST
@needs(permissions.SIGN)
def end(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """The link opens nothing any more."""
    form = ReasonForm(request.POST)
    if form.carries_out(lambda: end_link(link_key=key, reason=form.cleaned_data["reason"], by=request.actor)):
        messages.success(request, _("链接已作废。"))
        return redirect("contracts:signing", number)
    context = _context(request, queries.contract(number, request.actor))
    return render(request, "contracts/signing.html", {**context, "reason_form": form}, status=422)


@require_POST
@needs(permissions.SIGN)
def retry(request: HttpRequest, number: str, signing_number: str) -> HttpResponse:
    """Once more what failed."""
    retry_signing(signing_number=signing_number, by=request.actor)
    messages.success(request, _("已重新提交电子签名。"))
    return redirect("contracts:signing", number)


@require_GET
@needs(permissions.VIEW)
def signatures(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """Whether the signatures in a paper hold, judged from its bytes now."""
    found = queries.paper(number, kind, request.actor)
    context = {"contract": found.contract, "paper": found, "proof": proving.prove(found)}
    return render(request, "contracts/signatures.html", context)


@require_GET
@needs(permissions.VIEW)
def signed_paper(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """The paper with its signatures, as a file; a paper whose signatures do not hold is not handed out."""
    found = queries.paper(number, kind, request.actor)
    try:
        file = proving.signed_file(found)
    except BusinessError as refusal:
        messages.error(request, str(refusal))
        return redirect("contracts:signatures", number, found.code)
    opened = open_document(document_number=str(file.key), by=request.actor)
    return file_response(opened.file, opened.data, disposition="attachment")


def _context(request: HttpRequest, found: Contract) -> dict[str, Any]:
    standing, links = signing_queries.standing(found), signing_queries.links(found)
    parties = sorted(standing.parties.values(), key=signing_queries.place_of)
    rows = [
        (party, [(paper, standing.signed(paper, party)) for paper in standing.required_of(party)], links.get(party.pk)) for party in parties
    ]
    following = [party for party in parties if standing.pending_of(party) and not standing.ahead_of(party)]
    choices = [(party.customer.number, f"{party.get_role_display()} {party.customer.masked_name}") for party in following]
    may = request.actor.can(permissions.SIGN.code) and found.status == "prepared"
    is_open = may and not (found.needs_cost_sheet and found.cost_sheet_on is None)
    return {
        "contract": found, "rows": rows, "seals": [(paper, standing.signed(paper, None)) for paper in standing.papers.values()],
        "signings": [(one, vocabulary.SIGNING_STATUSES[one.status], vocabulary.failure_in_words(one.failure_code))
                     for one in signing_queries.signings(found)],
        "choices": choices, "invite_form": InviteForm(choices=choices), "reason_form": ReasonForm(),
        "can_invite": is_open and bool(choices), "may": may, "invitation": None,
    }
