"""Who lends, and how that changes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chezhe.compliance import labels, permissions, queries
from chezhe.compliance.actions.approve_lender import approve_lender
from chezhe.compliance.actions.reject_lender import reject_lender
from chezhe.compliance.actions.set_lender import set_lender
from chezhe.compliance.forms import DecisionForm, LenderForm
from chezhe.compliance.models import LenderChange, LenderProfile
from chezhe.compliance.views.parameters import CHANGE_STATUSES
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs, require
from chezhe.kernel.errors import BusinessError


@require_http_methods(["GET", "POST"])
@needs(permissions.VIEW)
def lender(request: HttpRequest) -> HttpResponse:
    """The particulars in force, earlier proposals, and the form for new ones."""
    if request.method == "POST":
        require(request, permissions.SET_LENDER)
    profile = LenderProfile.objects.filter(pk=1).first()
    form = LenderForm(request.POST or None, initial=_initial(profile))
    if request.method == "POST" and form.is_valid():
        try:
            change = set_lender(
                particulars=form.particulars(), reason=form.cleaned_data["reason"], business_date=business_date.current(), by=request.actor
            )
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("%(number)s 已提交，待另一位同事复核。") % {"number": change.number})
            return redirect("compliance:lender_change", change.number)
    context = {
        "profile": profile, "licence": dict(labels.LICENCES).get(profile.licence_type) if profile else "", "form": form,
        "changes": [(c, CHANGE_STATUSES[c.status]) for c in LenderChange.objects.order_by("-id")[:20]],
        "can_propose": request.actor.can(permissions.SET_LENDER.code),
    }
    return render(request, "compliance/lender.html", context, status=422 if form.errors else 200)


def _initial(profile: LenderProfile | None) -> dict[str, object]:
    if profile is None:
        return {}
    return {
        "name": profile.name, "licence_type": profile.licence_type, "region": profile.region, "uscc": profile.uscc,
        "net_assets": profile.net_assets.format(),
    }


@require_GET
@needs(permissions.VIEW)
def lender_change(request: HttpRequest, number: str) -> HttpResponse:
    """One proposal, with the second person's buttons."""
    return _change_page(request, number, DecisionForm())


@require_POST
@needs(permissions.APPROVE_LENDER)
def decide_lender(request: HttpRequest, number: str) -> HttpResponse:
    """Agree or refuse."""
    form = DecisionForm(request.POST)
    if form.is_valid():
        decide = approve_lender if form.cleaned_data["verdict"] == "agree" else reject_lender
        try:
            decide(change_number=number, opinion=form.cleaned_data["opinion"], by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            return redirect("compliance:lender_change", number)
    return _change_page(request, number, form)


def _change_page(request: HttpRequest, number: str, form: DecisionForm) -> HttpResponse:
    change = queries.lender_change(number)
    context = {
        "change": change, "status": CHANGE_STATUSES[change.status], "licence": dict(labels.LICENCES)[change.licence_type], "form": form,
        "can_decide": change.status == "proposed" and request.actor.can(permissions.APPROVE_LENDER.code),
        "is_own": change.proposed_by_id in request.actor.user_ids,
    }
    return render(request, "compliance/lender_change.html", context, status=422 if form.errors else 200)
