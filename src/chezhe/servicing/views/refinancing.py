"""借新还旧: an application is named, and on the payout day the payoff is fixed; the entry is shown before."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs, require
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.servicing import pages, permissions, queries, refinancing
from chezhe.servicing.actions.fix_refinancing import fix_refinancing
from chezhe.servicing.actions.name_refinancing import name_refinancing
from chezhe.servicing.forms import RefinanceForm
from chezhe.servicing.states import LOAN
from chezhe.servicing.views.loans import fetch
from chezhe.servicing.views.previewing import page_of, trail_of


@require_http_methods(["GET", "POST"])
@needs(permissions.VIEW)
def refinance(request: HttpRequest, number: str) -> HttpResponse:
    """Which application is to pay off this loan, and what that comes to today."""
    fetch(request, number)
    form = RefinanceForm(request.POST or None)
    if request.method == "POST":
        require(request, permissions.NAME_REFINANCING)
    if request.method == "POST" and form.is_valid():
        try:
            named = name_refinancing(loan_number=number, application_number=form.cleaned_data["application"], by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("进件 %(number)s 放款时将先结清这笔贷款。") % {"number": named.number})
            return redirect("servicing:refinance", number)
    return _shown(request, number, form)


def _shown(request: HttpRequest, number: str, form: Any, refused: str = "") -> HttpResponse:
    loan, today = fetch(request, number), business_date.current()
    named, contract = refinancing.named_for(loan), refinancing.contract_for(loan)
    may, found, preview = LOAN.allows(loan.status, "refinance"), None, None
    if contract is not None and may and contract.effective_on is None:
        try:
            found = refinancing.offer(loan, contract, today)
            preview = refinancing.preview(found, today)
        except BusinessError as refusal:
            refused = refused or str(refusal)
    fixed = getattr(contract, "refinancing", None) if contract else None
    can = request.actor.can
    return page_of(
        request, "servicing/refinance.html", loan, form, preview, named=named, contract=contract, offer=found, fixed=fixed, today=today,
        refused=refused, payoff=queries.settlement_quote(loan, max(today, loan.as_of)) if may else None,
        can_name=may and named is None and can(permissions.NAME_REFINANCING.code),
        can_fix=found is not None and can(permissions.FIX_REFINANCING.code), is_fixed=bool(fixed and fixed.payoff_on == today),
        breadcrumbs=trail_of(loan, _("借新还旧")),
    )


@require_GET
@needs(permissions.VIEW)
def settled_first(request: HttpRequest) -> HttpResponse:
    """Panel of an application that pays off an older loan: which one, and what that takes today."""
    application = refinancing.application_of(request.GET.get("subject", "").removeprefix("refinancing:"), by=request.actor)
    loan, today = refinancing.loan_of(application, by=request.actor), business_date.current()
    payoff = queries.settlement_quote(loan, max(today, loan.as_of)) if loan and LOAN.allows(loan.status, "refinance") else None
    return render(request, "servicing/settled_first.html", {
        "application": application, "loan": loan, "status": pages.LOAN_STATUSES[loan.status] if loan else None, "payoff": payoff,
        "today": today, "left": application.amount - payoff.to_pay if payoff and application.amount else None,
    })


@require_POST
@needs(permissions.FIX_REFINANCING)
def fix(request: HttpRequest, number: str) -> HttpResponse:
    """Fix the payoff of today."""
    contract = refinancing.contract_for(fetch(request, number))
    if contract is None:
        raise NotFound(what=number)
    try:
        fixed = fix_refinancing(contract_number=contract.number, by=request.actor)
    except BusinessError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已确认结清金额 %(payoff)s 元，今日内经办放款有效。") % {"payoff": fixed.payoff})
    return redirect("servicing:refinance", number)
