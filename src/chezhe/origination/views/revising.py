"""What was changed, what the reviewer wants, and a new application from an old one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.origination import permissions
from chezhe.origination.actions.answer_wanted import answer_wanted
from chezhe.origination.actions.copy_application import copy_application
from chezhe.origination.revising import words
from chezhe.origination.views import page

SHOWN_MAX = 200


@require_GET
@needs(permissions.VIEW)
def changes_panel(request: HttpRequest) -> HttpResponse:
    """Panel: every edit with who, when, before and after; and what is another one than at the last submission."""
    row = page.of_subject(request)
    context = {
        "lines": [words.line(change) for change in row.changes.all()[:SHOWN_MAX]], "since": words.since_last_submission(row),
    }
    return render(request, "origination/changes.html", context)


@require_POST
@needs(permissions.WRITE)
def answer(request: HttpRequest, number: str, wanted_id: int) -> HttpResponse:
    """Say what was done about something that the reviewer wants."""
    try:
        answer_wanted(application_number=number, wanted_id=wanted_id, answer=request.POST.get("answer", ""), by=request.actor)
    except BusinessError as refusal:
        messages.error(request, str(refusal))
    return redirect("origination:step", number, "documents")


@require_POST
@needs(permissions.WRITE)
def copy(request: HttpRequest, number: str) -> HttpResponse:
    """A new draft with the same customer, car and figures."""
    try:
        made = copy_application(application_number=number, business_date=business_date.current(), by=request.actor)
    except BusinessError as refusal:
        messages.error(request, str(refusal))
        return redirect("origination:application", number)
    messages.success(request, _("已复制为新进件 %(number)s，请核对后提交。") % {"number": made.number})
    return redirect("origination:step", made.number, "party")
