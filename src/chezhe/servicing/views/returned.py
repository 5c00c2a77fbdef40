"""A payout that came back: the activation of its loan is taken back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.ledger import pages as ledger_pages
from chezhe.ledger.vocabulary import event_label
from chezhe.servicing import pages, permissions, returned
from chezhe.servicing.actions.undo_payout import undo_payout
from chezhe.servicing.forms import ReasonForm
from chezhe.servicing.views.loans import fetch
from chezhe.servicing.views.previewing import is_confirmed, mark_of, trail_of


@require_http_methods(["GET", "POST"])
@needs(permissions.UNDO_PAYOUT)
def undo(request: HttpRequest, number: str) -> HttpResponse:
    """Why, what it would do, and then do it."""
    loan, form = fetch(request, number), ReasonForm(request.POST or None)
    context, mark = {}, ""
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            said, bookings = returned.preview(loan, reason, business_date.current())
            mark = mark_of(reason, loan)
            if is_confirmed(request, mark):
                undo_payout(loan_number=number, reason=reason, by=request.actor)
                messages.success(request, _("放款已撤销，合同已作废，抵押待解除。"))
                return redirect("servicing:loan", number)
            context = {"preview": said, "changes": pages.changes_of(said),
                       "journals": [ledger_pages.preview(b.on, event_label(b.event), b.transfers) for b in bookings]}
        except BusinessError as refusal:
            form.refuse(refusal)
    return render(request, "servicing/undo_payout.html", {
        "loan": loan, "form": form, "mark": mark, **context, "breadcrumbs": trail_of(loan, _("撤销放款")),
    }, status=422 if form.errors else 200)
