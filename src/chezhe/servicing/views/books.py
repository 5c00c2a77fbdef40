"""The proof that rows, folds and books agree."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chezhe.kernel.doors import needs
from chezhe.servicing import pages, permissions
from chezhe.servicing import proof as proofs
from chezhe.servicing.forms import ProofForm
from chezhe.servicing.models import Loan

FOUND_MAX = 50


@require_GET
@needs(permissions.PROVE)
def proof(request: HttpRequest) -> HttpResponse:
    """Prove one loan or all in reach; asked by the address, since nothing changes."""
    asked = "loan_number" in request.GET
    form = ProofForm(request.GET if asked else None)
    context: dict[str, Any] = {"form": form, "breadcrumbs": [*pages.TRAIL, (_("账实核对"), "")]}
    if asked and form.is_valid():
        loans = Loan.objects.visible_to(request.actor).select_related("product_version").order_by("id")
        number = form.cleaned_data["loan_number"].strip().upper()
        chosen = [loans.fetch(number)] if number else loans
        found = list(proofs.differences(chosen))
        context |= {"done": True, "count": len(chosen), "found": found[:FOUND_MAX], "wrong": len(found)}
    return render(request, "servicing/proof.html", context)
