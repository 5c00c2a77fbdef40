"""The business day, and the proof that rows, folds and books agree."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from chezhe.kernel import business_date, calendar
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.servicing import pages, permissions, queries
from chezhe.servicing import proof as proofs
from chezhe.servicing.actions.open_business_day import DAYS_AT_ONCE_MAX, open_business_day
from chezhe.servicing.forms import DayForm, ProofForm
from chezhe.servicing.models import Loan

FOUND_MAX = 50


@require_http_methods(["GET", "POST"])
@needs(permissions.OPEN_DAY)
def day(request: HttpRequest) -> HttpResponse:
    """The day the books are in, what falls due next, and the way to the next day."""
    today = business_date.current()
    following = today + timedelta(days=1)
    form = DayForm(request.POST or None, initial={"day": following})
    if request.method == "POST" and form.is_valid():
        try:
            opened = open_business_day(day=form.cleaned_data["day"], by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            facts = {"day": opened.day, "loans": opened.touched}
            messages.success(request, _("业务日期已到 %(day)s，%(loans)s 笔贷款有款项到期。") % facts)
            return redirect("servicing:day")
    return render(request, "servicing/day.html", {
        "form": form, "today": today, "following": following, "waiting": queries.falling_due(today, following).count(),
        "week": queries.falling_due(today, today + timedelta(days=7)).count(), "is_working_day": calendar.is_working_day(following),
        "overdue": queries.overdue(request.actor, today).count(), "most": DAYS_AT_ONCE_MAX,
        "breadcrumbs": [*pages.TRAIL, (_("业务日"), "")],
    }, status=422 if form.errors else 200)


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
