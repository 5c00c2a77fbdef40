"""What every page shares that shows what it would do before it does it."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from chezhe.servicing import pages, previews
from chezhe.servicing.models import Loan


def trail_of(loan: Loan, last: Any) -> list[tuple[Any, str]]:
    """The breadcrumbs of a page about a loan."""
    return [
        *pages.TRAIL, (_("贷款"), reverse("servicing:loans")), (loan.number, reverse("servicing:loan", args=[loan.number])), (last, ""),
    ]


def mark_of(asked: Any, loan: Loan) -> str:
    """What a preview was made for, on which state of the loan."""
    said = (asked, loan.number, loan.as_of, loan.principal_left, loan.unapplied, loan.events.count())
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def page_of(request: HttpRequest, template: str, loan: Loan, form: Any, preview: previews.Preview | None, **more: Any) -> HttpResponse:
    """The form, and the preview where there is one."""
    context = {"loan": loan, "form": form, "preview": preview, "title": loan.customer.masked_name, **more}
    if preview is not None:
        context |= {"changes": pages.changes_of(preview), "journals": pages.journals_of(preview)}
    return render(request, template, context, status=422 if form.errors else 200)
