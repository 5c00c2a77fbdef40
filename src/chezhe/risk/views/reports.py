"""The bureau's reports: opened for a reason, and kept in the trail."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chezhe.kernel import subjects
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.risk import permissions
from chezhe.risk.actions.reveal_report import reveal_report
from chezhe.risk.facts import pages, report_pages
from chezhe.risk.facts.models import Enquiry
from chezhe.risk.forms import ReasonForm


@require_http_methods(["GET", "POST"])
@needs(permissions.REVEAL_REPORT)
def report(request: HttpRequest, number: str) -> HttpResponse:
    """Whose report it is and when it came; with a reason, the report itself."""
    row = Enquiry.objects.filter(number=number, service__in=pages.REPORTS).exclude(answer_hash="").defer("answer").first()
    if row is None:
        raise NotFound(what=number)
    subject, form = subjects.open_subject(row.subject, request.actor), ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            opened = reveal_report(enquiry_number=number, reason=form.cleaned_data["reason"], by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            answer = render(request, "risk/report.html", {"subject": subject, **report_pages.page_of(opened.enquiry)})
            answer["Cache-Control"] = "no-store"
            return answer
    return render(request, "risk/report_closed.html", {
        "subject": subject, "row": row, "title": pages.service_title(row.service), "form": form,
        "breadcrumbs": [(_("风控"), ""), (subject.label, subject.url), (row.number, "")],
    }, status=422 if form.errors else 200)
