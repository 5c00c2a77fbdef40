"""Papers that a borrower is given about a loan."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.servicing import permissions
from chezhe.servicing.actions.print_loan_paper import print_loan_paper
from chezhe.servicing.forms import PaperForm
from chezhe.servicing.papers.kinds import PaperKind
from chezhe.servicing.views.loans import fetch
from chezhe.servicing.views.previewing import trail_of


@require_http_methods(["GET", "POST"])
@needs(permissions.PRINT_PAPER)
def print_paper(request: HttpRequest, number: str) -> HttpResponse:
    """Choose a paper and its days; it is printed, kept with the loan and shown."""
    loan, today = fetch(request, number), business_date.current()
    start = {"first": max(loan.begun_on, today.replace(month=1, day=1)), "last": today}
    form = PaperForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            kept = print_loan_paper(
                loan_number=number, kind=PaperKind(values["kind"]), first=values["first"] or start["first"], last=values["last"] or today,
                by=request.actor,
            )
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已出具“%(name)s”，可在下方查看和下载。") % {"name": kept.original_name})
            return redirect(f"{reverse('servicing:loan', args=[number])}?tab=papers")
    status = 422 if form.errors else 200
    context = {"loan": loan, "form": form, "breadcrumbs": trail_of(loan, _("出具文件"))}
    return render(request, "servicing/print_paper.html", context, status=status)
